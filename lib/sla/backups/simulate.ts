import type { Day, ZoneCalendar } from "./calendar.ts";
import { type Dated, dated } from "./dated.ts";
import type { ReasonedLife } from "./history.ts";
import { type Retention, retain } from "./retain.ts";
import { type Schedule, ticks } from "./schedule.ts";

export interface Course {
  readonly schedules: readonly Schedule[];
  readonly retention: Retention;
  /** The first instant of the instance and the end of the simulation, in ms. */
  readonly beganMs: number;
  readonly untilMs: number;
  /** Local days on which no backup can be taken. */
  readonly missed: ReadonlySet<Day>;
  /** How long a backup takes to become available. */
  readonly durationMs: number;
}

interface Take {
  readonly takenMs: number;
  readonly schedules: readonly string[];
}

/** As it goes, with the civil periods that the planner asks for. */
type Live = { -readonly [Key in keyof ReasonedLife]: ReasonedLife[Key] } & Dated;

/** Every backup that comes and goes if nothing fails but the missed days; in order. */
export function simulate(course: Course, calendar: ZoneCalendar): readonly ReasonedLife[] {
  const { untilMs, durationMs } = course;
  const lives: Live[] = takes(course, calendar)
    .map(({ takenMs, schedules }) => ({
      ...dated({ id: idOf(takenMs), takenMs, schedules }, calendar),
      availableMs: takenMs + durationMs,
      keptBecause: [],
    }))
    .filter(({ availableMs }) => availableMs < untilMs);
  let live: Live[] = [];
  let next = 0;
  for (const nowMs of moments(lives, course, calendar)) {
    for (let life = lives[next]; life && life.availableMs <= nowMs; life = lives[next]) {
      live.push(life);
      next += 1;
    }
    live = pass(live, course.retention, calendar, nowMs);
  }
  return lives;
}

/** What one reconciliation leaves. */
function pass(live: Live[], retention: Retention, calendar: ZoneCalendar, nowMs: number): Live[] {
  const { kept, spare } = retain(retention, live, calendar, nowMs);
  for (const life of live) life.keptBecause = kept.get(life) ?? life.keptBecause;
  if (spare.size === 0) return live;
  return live.filter((life) => {
    const because = spare.get(life);
    if (because === undefined) return true;
    life.removedMs = nowMs;
    life.removedBecause = because;
    return false;
  });
}

/** Backups in order: one instant serves all schedules that want it, and what was missed is made up at once. */
function takes({ schedules, beganMs, untilMs, missed }: Course, calendar: ZoneCalendar): Take[] {
  const wanted = schedules.flatMap((schedule) =>
    ticks(schedule, calendar, beganMs, untilMs).map((ms) => ({
      name: schedule.name,
      takenMs: firstPossible(ms, missed, calendar),
    })),
  );
  return [...Map.groupBy(wanted, ({ takenMs }) => takenMs)]
    .map(([takenMs, all]) => ({
      takenMs,
      schedules: [...new Set(all.map(({ name }) => name))],
    }))
    .toSorted((one, other) => one.takenMs - other.takenMs);
}

function firstPossible(ms: number, missed: ReadonlySet<Day>, calendar: ZoneCalendar): number {
  if (missed.size === 0) return ms;
  let day = calendar.dayOf(ms);
  if (!missed.has(day)) return ms;
  while (missed.has(day)) day += 1;
  return calendar.startOf(day);
}

/** When the reconciler has something to do: a backup has become available, or a day has begun. */
function moments(
  lives: readonly Live[],
  { beganMs, untilMs }: Course,
  calendar: ZoneCalendar,
): readonly number[] {
  const found = new Set(lives.map(({ availableMs }) => availableMs));
  for (let day = calendar.dayOf(beganMs) + 1; calendar.startOf(day) < untilMs; day += 1) {
    found.add(calendar.startOf(day));
  }
  return [...found].toSorted((one, other) => one - other);
}

/** `2026-11-21T04:00:00Z` */
const idOf = (ms: number) => new Date(ms).toISOString().replace(".000Z", "Z");
