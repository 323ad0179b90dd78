import type { Period, Rotation } from "../plan.ts";
import { dayName, monthName, pastOf, shiftOf, weekName, type ZoneCalendar } from "./calendar.ts";
import type { Dated } from "./dated.ts";
import { enough } from "./enough.ts";
import { keepTiers, type Periods, periodsOf } from "./rotate.ts";

/** What decides how long backups stay. */
export interface Retention {
  readonly rotation?: Rotation;
  readonly schedules: readonly ScheduleRetention[];
}

export interface ScheduleRetention {
  /** No two have the same. */
  readonly name: string;
  /** By age. */
  readonly keep?: Period;
  /** By count: the newest so many. */
  readonly keepNewest?: number;
}

export interface Retained {
  /** Why each that stays does. */
  readonly kept: ReadonlyMap<Dated, readonly string[]>;
  /** Why each that may go can. */
  readonly spare: ReadonlyMap<Dated, string>;
}

/** What is decided of all of them at one instant; the reasons are put into words only when they are asked for. */
export interface Decision {
  readonly kept: ReadonlySet<Dated>;
  /** Why one that stays does. */
  readonly whyKept: (backup: Dated) => readonly string[];
  /** Why one that may go can. */
  readonly whySpare: (backup: Dated) => string;
}

/** `decide`, with the reasons of each. */
export function retain(
  retention: Retention,
  all: readonly Dated[],
  calendar: ZoneCalendar,
  nowMs: number,
): Retained {
  const { kept, whyKept, whySpare } = decide(retention, all, calendar, nowMs);
  const spare = all.filter((each) => !kept.has(each));
  return {
    kept: new Map([...kept].map((each) => [each, whyKept(each)])),
    spare: new Map(spare.map((each) => [each, whySpare(each)])),
  };
}

/**
 * Which of these backups, oldest first, have to stay at `nowMs`, and why: the fewest, in the sense that each of them is the last that keeps
 * something the plan sells, now or later. Who deletes nothing else never breaks a clause by a deletion.
 * Those that are `given` stay whatever the others are: the rest is what the plan needs beside them.
 */
export function decide(
  { rotation, schedules }: Retention,
  all: readonly Dated[],
  calendar: ZoneCalendar,
  nowMs: number,
  isGiven: (backup: Dated) => boolean = () => false,
): Decision {
  const newest = all.at(-1);
  const names = new Set(schedules.map(({ name }) => name));
  const isOrphan = (each: Dated) => !each.schedules.some((name) => names.has(name));
  const holds = new Map(
    schedules.map((schedule) => {
      const own = () =>
        all.filter((each) => each.schedules.includes(schedule.name) || isOrphan(each));
      return [schedule.name, holdOf(schedule, own, calendar, nowMs)];
    }),
  );
  // Of a schedule that the plan no longer has: as long as any. A plan that sells more would else begin by deleting all.
  const longest: Hold = (each) => [...holds.values()].some((hold) => hold(each));
  const isKeptFor = (each: Dated, name: string) => (holds.get(name) ?? longest)(each);
  const isKept = (each: Dated) => each.schedules.some((name) => isKeptFor(each, name));
  const anyhow = new Set(all.filter((each) => each === newest || isKept(each) || isGiven(each)));
  const tiers = rotation && tiersOf(rotation, all, anyhow, calendar, nowMs);
  const { kept, periods, added } = tiers ?? { kept: anyhow };
  return {
    kept,
    whyKept: (each) => [
      ...each.schedules.filter((name) => isKeptFor(each, name)).map((name) => `schedule ${name}`),
      ...(each === newest ? ["the newest"] : []),
      ...(periods && !added?.has(each) ? standsFor(each, periods, kept) : []),
      ...(added?.get(each) ?? []),
    ],
    whySpare: (each) => whySpare(each, periods, kept),
  };
}

function tiersOf(
  rotation: Rotation,
  all: readonly Dated[],
  anyhow: ReadonlySet<Dated>,
  calendar: ZoneCalendar,
  nowMs: number,
) {
  const periods = periodsOf(all, rotation, calendar, nowMs);
  const chosen = keepTiers(anyhow, periods, rotation.perDay);
  const isPast = pastOf({ months: rotation.oldestMonths }, calendar, nowMs);
  const isOld = ({ takenMs }: Dated) => isPast(takenMs);
  return { periods, ...enough(chosen, all, rotation, { anyhow, periods, isOld }) };
}

/** Whether a schedule keeps a backup of its own. */
type Hold = (backup: Dated) => boolean;

function holdOf(
  { keep, keepNewest }: ScheduleRetention,
  own: () => readonly Dated[],
  calendar: ZoneCalendar,
  nowMs: number,
): Hold {
  if (keep !== undefined) {
    const isPast = pastOf(shiftOf(keep, 1), calendar, nowMs);
    return ({ takenMs }) => !isPast(takenMs);
  }
  if (keepNewest === undefined) return () => false;
  const goneUpToMs = own().at(-keepNewest - 1)?.takenMs ?? Number.NEGATIVE_INFINITY;
  return ({ takenMs }) => takenMs > goneUpToMs;
}

/** The periods in which nothing else that stays is newer. */
function standsFor(each: Dated, { days, weeks, months }: Periods, kept: ReadonlySet<Dated>) {
  const isLast = (group: readonly Dated[] = []) => group.findLast((one) => kept.has(one)) === each;
  return [
    ...(days.has(each.day) ? [`day ${dayName(each.day)}`] : []),
    ...(isLast(weeks.get(each.week)) ? [`week ${weekName(each.week)}`] : []),
    ...(isLast(months.get(each.month)) ? [`month ${monthName(each.month)}`] : []),
  ];
}

/** What stands in its place, or that nothing has to. */
function whySpare(
  { week, month }: Dated,
  periods: Periods | undefined,
  kept: ReadonlySet<Dated>,
): string {
  const instead = (group: readonly Dated[] = []) => group.findLast((one) => kept.has(one))?.id;
  const forWeek = instead(periods?.weeks.get(week));
  const forMonth = instead(periods?.months.get(month));
  const parts = [
    ...(forWeek === undefined ? [] : [`week ${weekName(week)} has ${forWeek}`]),
    ...(forMonth === undefined ? [] : [`month ${monthName(month)} has ${forMonth}`]),
  ];
  return parts.length > 0 ? parts.join(", ") : "older than everything the plan keeps";
}
