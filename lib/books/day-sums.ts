import type { SealedDays } from "../../functions/status/contract.ts";
import { DAYS_SHOWN } from "../../functions/status/days.ts";
import { type CivilDay, isoDay, type LocalDays } from "../sla/backups/local-days.ts";
import type { Interval } from "../sla/books/minute-sheet.ts";
import { sheetOf } from "../sla/books/minute-sheet.ts";
import { tallyOf } from "../sla/books/tally.ts";

/** Beside the one of now. */
const SHOWN = DAYS_SHOWN - 1;

/** Sites may watch an instance that is new as much longer than control knows of it: they are deployed before. */
const DEPLOYED_WITHIN_DAYS = 7;

/**
 * Sums of another zone's days are none; nor are those whose next day is not shown any more: there would be a gap. Where instances are new
 * the last days are summed up anew.
 */
export function sumsToGoOnWith(
  held: SealedDays | undefined,
  ids: readonly string[],
  { calendar, timezone }: Almanac,
  nowMs: number,
): SealedDays | undefined {
  const before = isoDay(calendar.day(nowMs) - SHOWN - 1);
  if (held?.timezone !== timezone || held.last < before) return undefined;
  return lacks(held, ids) ? shortened(held) : held;
}

/** Whether nobody has looked yet when one of these instances was seen. */
export const lacks = ({ instances }: SealedDays, ids: readonly string[]): boolean =>
  ids.some((id) => !Object.hasOwn(instances, id));

function shortened(held: SealedDays): SealedDays | undefined {
  const last = isoDay(civil(held.last) - DEPLOYED_WITHIN_DAYS);
  if (last < held.first) return undefined;
  const instances = Object.entries(held.instances).map(([id, days]) => [
    id,
    Object.fromEntries(Object.entries(days).filter(([date]) => date <= last)),
  ]);
  return { ...held, last, instances: Object.fromEntries(instances) };
}

/** The days of a page that are over and not summed up, in order: after the last one that is. */
export function daysDue(
  before: Pick<SealedDays, "last"> | undefined,
  calendar: LocalDays,
  nowMs: number,
): readonly CivilDay[] {
  const today = calendar.day(nowMs);
  return Array.from({ length: SHOWN }, (_, index) => today - SHOWN + index).filter(
    (day) => before === undefined || isoDay(day) > before.last,
  );
}

/** A calendar, and the zone that it is of. */
export interface Almanac {
  readonly calendar: LocalDays;
  readonly timezone: string;
}

/** What was seen of instances, by their ids: of those of the fleet, and of those that were. */
interface SeenOf {
  readonly ids: ReadonlySet<string>;
  /** Of one that is in none of the records nothing. */
  readonly intervalsOf: (instance: string) => readonly Interval[];
}

/**
 * With a day more, which follows on the last one. An instance that is new was seen by nobody before; one that has gone is forgotten
 * with its last day that is shown.
 */
export function withDay(
  before: SealedDays | undefined,
  day: CivilDay,
  { ids, intervalsOf }: SeenOf,
  { calendar, timezone }: Almanac,
): SealedDays {
  const date = isoDay(day);
  const oldest = isoDay(day - (SHOWN - 1));
  const first = [before?.first ?? date, oldest].toSorted().at(-1) ?? date;
  const blind = new Map(datesFrom(first, day).map((each) => [isoDay(each), minutesOf(each)]));
  const all = new Set([...Object.keys(before?.instances ?? {}), ...ids]);
  const instances = [...all].toSorted().flatMap((id) => {
    const known = ownOf(before, id);
    const past = known ? kept(known, first) : unseenUntil(date);
    const own = { ...past, ...entryOf(date, day, intervalsOf(id)) };
    const isGone = !ids.has(id) && [...blind].every(([each, total]) => own[each]?.[1] === total);
    return isGone ? [] : [[id, own] as const];
  });
  return { timezone, first, last: date, instances: Object.fromEntries(instances) };

  function minutesOf(each: CivilDay): number {
    return (calendar.midnight(each + 1) - calendar.midnight(each)) / 60_000;
  }

  function unseenUntil(end: string): DaysOf {
    const past = [...blind].filter(([each]) => each < end);
    return Object.fromEntries(past.map(([each, total]) => [each, [0, total]]));
  }

  function entryOf(name: string, each: CivilDay, seen: readonly Interval[]): DaysOf {
    const span = { fromMs: calendar.midnight(each), toMs: calendar.midnight(each + 1) };
    const { down, unobserved } = tallyOf(sheetOf(span, seen).minutes()).minutes;
    return down + unobserved === 0 ? {} : { [name]: [down, unobserved] };
  }
}

type DaysOf = SealedDays["instances"][string];

const ownOf = (before: SealedDays | undefined, id: string): DaysOf | undefined =>
  before && Object.hasOwn(before.instances, id) ? before.instances[id] : undefined;

const kept = (days: DaysOf, first: string): DaysOf =>
  Object.fromEntries(Object.entries(days).filter(([date]) => date >= first));

function datesFrom(first: string, last: CivilDay): readonly CivilDay[] {
  const count = last - civil(first) + 1;
  return Array.from({ length: count }, (_, index) => last - count + 1 + index);
}

const civil = (date: string): CivilDay => Date.parse(`${date}T00:00:00Z`) / 86_400_000;
