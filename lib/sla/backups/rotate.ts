import type { Rotation } from "../plan.ts";
import type { ZoneCalendar } from "./calendar.ts";
import type { Dated } from "./dated.ts";
import { windowsOf } from "./windows.ts";

type Groups = ReadonlyMap<number, readonly Dated[]>;

/** Backups by each civil period that has not left its window for good. */
export interface Periods {
  readonly days: Groups;
  readonly weeks: Groups;
  readonly months: Groups;
}

export function periodsOf(
  all: readonly Dated[],
  rotation: Rotation,
  calendar: ZoneCalendar,
  nowMs: number,
): Periods {
  const { days, weeks, months } = windowsOf(rotation, calendar.dayOf(nowMs));
  return {
    days: rotation.days > 0 ? groups(all, ({ day }) => day, days.first) : NONE,
    weeks: rotation.weeks > 0 ? groups(all, ({ week }) => week, weeks.first) : NONE,
    months: rotation.months > 0 ? groups(all, ({ month }) => month, months.first) : NONE,
  };
}

/** Of a tier that is not sold. */
const NONE: Groups = new Map();

function groups(all: readonly Dated[], of: (each: Dated) => number, first: number): Groups {
  const found = new Map<number, Dated[]>();
  for (const each of all) {
    const period = of(each);
    if (period < first) continue;
    const group = found.get(period);
    if (group) group.push(each);
    else found.set(period, [each]);
  }
  return found;
}

/**
 * What is kept anyhow, and what the tiers need, now or later. As long as every period that is not over for good
 * and has had a backup still has one (or as many as a day sells), no deletion has broken a tier.
 */
export function keepTiers(
  anyhow: ReadonlySet<Dated>,
  periods: Periods,
  perDay: number,
): ReadonlySet<Dated> {
  const kept = new Set(anyhow);
  for (const group of periods.days.values()) coverDay(kept, group, perDay);
  for (const group of periods.weeks.values()) coverWeek(kept, group, periods.months);
  for (const group of periods.months.values()) cover(kept, group, group.at(-1));
  for (const each of [...kept]) {
    if (!anyhow.has(each) && isSpare(each, kept, periods, perDay)) kept.delete(each);
  }
  return kept;
}

const isCovered = (kept: ReadonlySet<Dated>, group: readonly Dated[]) =>
  group.some((each) => kept.has(each));

function cover(kept: Set<Dated>, group: readonly Dated[], by: Dated | undefined): void {
  if (by && !isCovered(kept, group)) kept.add(by);
}

function coverDay(kept: Set<Dated>, group: readonly Dated[], perDay: number): void {
  const spare = group.filter((each) => !kept.has(each));
  for (const each of spread(spare, perDay - (group.length - spare.length))) kept.add(each);
}

/** A week that lies in two months had better stand for the one that nothing else stands for. */
function coverWeek(kept: Set<Dated>, group: readonly Dated[], months: Groups): void {
  const best = group.findLast(({ month }) => {
    const ofMonth = months.get(month);
    return ofMonth !== undefined && !isCovered(kept, ofMonth);
  });
  cover(kept, group, best ?? group.at(-1));
}

/** The last one, or several over the whole day. */
function spread(spare: readonly Dated[], wanted: number): readonly Dated[] {
  if (wanted >= spare.length) return spare;
  return Array.from({ length: Math.max(0, wanted) }, (_, index) => {
    const share = wanted === 1 ? 1 : index / (wanted - 1);
    return spare[Math.round(share * (spare.length - 1))];
  }).filter((each) => each !== undefined);
}

/** Whether each of its periods has enough without it. */
export function isSpare(
  each: Dated,
  kept: ReadonlySet<Dated>,
  { days, weeks, months }: Periods,
  perDay: number,
): boolean {
  const others = (group: readonly Dated[] = []) =>
    group.filter((other) => other !== each && kept.has(other)).length;
  return (
    (!days.has(each.day) || others(days.get(each.day)) >= perDay) &&
    (!weeks.has(each.week) || others(weeks.get(each.week)) > 0) &&
    (!months.has(each.month) || others(months.get(each.month)) > 0)
  );
}
