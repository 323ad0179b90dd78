import type { Period, Rotation } from "../plan.ts";
import { dayName, monthName, shiftOf, weekName, type ZoneCalendar } from "./calendar.ts";
import type { Dated } from "./dated.ts";
import { enough, keepTiers, type Periods, periodsOf } from "./rotate.ts";

/** What decides how long backups stay. */
export interface Retention {
  readonly rotation?: Rotation;
  readonly schedules: readonly ScheduleRetention[];
}

export interface ScheduleRetention {
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

/**
 * Which of these backups, oldest first, have to stay at `nowMs`, and why: the fewest, in the sense that each of them is the last that keeps
 * something the plan sells, now or later. Who deletes nothing else never breaks a clause by a deletion.
 */
export function retain(
  { rotation, schedules }: Retention,
  all: readonly Dated[],
  calendar: ZoneCalendar,
  nowMs: number,
): Retained {
  const kept = new Reasons();
  for (const schedule of schedules) {
    const reason = [`schedule ${schedule.name}`];
    kept.addAll(keptBySchedule(schedule, all, calendar, nowMs), () => reason);
  }
  kept.addAll(all.slice(-1), () => ["the newest"]);
  const periods = rotation && periodsOf(all, rotation, calendar, nowMs);
  if (rotation && periods) {
    const chosen = keepTiers(new Set(kept.keys()), periods, rotation.perDay);
    kept.addAll(chosen, (each) => standsFor(each, periods, chosen));
    const more = enough(chosen, all, rotation, calendar, nowMs);
    kept.addAll(more.keys(), (each) => [more.get(each) ?? ""]);
  }
  const spare = all.filter((each) => !kept.has(each));
  return { kept, spare: new Map(spare.map((each) => [each, whySpare(each, periods, kept)])) };
}

class Reasons extends Map<Dated, readonly string[]> {
  addAll(backups: Iterable<Dated>, why: (backup: Dated) => readonly string[]): void {
    for (const each of backups) {
      const reasons = this.get(each);
      this.set(each, reasons ? reasons.concat(why(each)) : why(each));
    }
  }
}

function keptBySchedule(
  { name, keep, keepNewest }: ScheduleRetention,
  all: readonly Dated[],
  calendar: ZoneCalendar,
  nowMs: number,
): readonly Dated[] {
  const own = all.filter(({ schedules }) => schedules.includes(name));
  if (keepNewest !== undefined) return own.slice(-keepNewest);
  if (keep === undefined) return [];
  const since = calendar.shift(nowMs, shiftOf(keep, -1));
  return own.filter(({ takenMs }) => takenMs > since);
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
  kept: ReadonlyMap<Dated, unknown>,
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
