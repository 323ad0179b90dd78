import type { Day, ZoneCalendar } from "./calendar.ts";
import { type Dated, dated } from "./dated.ts";
import type { ReasonedLife } from "./history.ts";
import { type Decision, decide, type Retention } from "./retain.ts";
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
  let live: readonly Live[] = [];
  let before: Decision | undefined;
  let next = 0;
  for (const nowMs of moments(lives, course, calendar)) {
    const first = next;
    while ((lives[next]?.availableMs ?? Number.POSITIVE_INFINITY) <= nowMs) next += 1;
    const all = next > first ? [...live, ...lives.slice(first, next)] : live;
    const now = decide(course.retention, all, calendar, nowMs);
    live = withoutSpare(all, before, now, nowMs);
    before = now;
  }
  for (const life of live) life.keptBecause = before?.whyKept(life) ?? [];
  return lives;
}

/** What a reconciliation leaves; what it deletes is told what kept it until then. */
function withoutSpare(
  all: readonly Live[],
  before: Decision | undefined,
  { kept, whySpare }: Decision,
  nowMs: number,
): readonly Live[] {
  if (kept.size === all.length) return all;
  return all.filter((life) => {
    if (kept.has(life)) return true;
    if (before?.kept.has(life)) life.keptBecause = before.whyKept(life);
    life.removedMs = nowMs;
    life.removedBecause = whySpare(life);
    return false;
  });
}

/** Backups in order: one instant serves all schedules that want it, and what was missed is made up at once. */
function takes({ schedules, beganMs, untilMs, missed }: Course, calendar: ZoneCalendar): Take[] {
  const found = new Map<number, string[]>();
  for (const schedule of schedules) {
    const { name } = schedule;
    for (const tickMs of ticks(schedule, calendar, beganMs, untilMs)) {
      const takenMs = firstPossible(tickMs, missed, calendar);
      const names = found.get(takenMs);
      if (!names) found.set(takenMs, [name]);
      else if (!names.includes(name)) names.push(name);
    }
  }
  return [...found]
    .map(([takenMs, names]) => ({ takenMs, schedules: names }))
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
