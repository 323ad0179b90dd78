import { Temporal } from "temporal-polyfill";
import type { Life } from "../../../../lib/sla/backups/history.ts";
import type { Rotation } from "../../../../lib/sla/plan.ts";

/** A backup as the sentence sees it, worked out apart from what is tested. Days since 1970-01-01. */
export interface Stood {
  readonly id: string;
  readonly takenMs: number;
  readonly day: number;
  /** What it can stand for, each with the day from which on that is no longer sold. */
  readonly standsFor: readonly { readonly period: string; readonly goneOn: number }[];
  /** When it has the age that is sold. */
  readonly oldMs: number;
}

const DAY_MS = 86_400_000;
const dayOf = (date: Temporal.PlainDate) => Date.parse(date.toString()) / DAY_MS;

export function stood(
  { id, takenMs }: Pick<Life, "id" | "takenMs">,
  rotation: Rotation,
  timezone: string,
): Stood {
  const { days, weeks, months, oldestMonths } = rotation;
  const local = Temporal.Instant.fromEpochMilliseconds(takenMs).toZonedDateTimeISO(timezone);
  const date = local.toPlainDate();
  const monday = date.subtract({ days: date.dayOfWeek - 1 });
  const nextMonth = date.with({ day: 1 }).add({ months: months + 1 });
  const behindMonths =
    weeks > 0 ? nextMonth.add({ days: (8 - nextMonth.dayOfWeek) % 7 }) : nextMonth;
  const standsFor = [
    ...(days > 0 ? [{ period: `day ${date}`, goneOn: date.add({ days: days + 1 }) }] : []),
    ...(weeks > 0
      ? [{ period: `week ${monday}`, goneOn: monday.add({ days: 7 + 7 * weeks + days }) }]
      : []),
    ...(months > 0
      ? [
          {
            period: `month ${date.toPlainYearMonth()}`,
            goneOn: behindMonths.add({ days: 7 * weeks + days }),
          },
        ]
      : []),
  ].map(({ period, goneOn }) => ({ period, goneOn: dayOf(goneOn) }));
  const oldMs = local.add({ months: oldestMonths }).epochMilliseconds;
  return { id, takenMs, day: dayOf(date), standsFor, oldMs };
}

export interface Moment {
  /** Local. */
  readonly today: number;
  readonly nowMs: number;
}

/**
 * What of the sentence is worse, now or later, with `left` than with `there`, both oldest first. If no step makes anything worse, a
 * period that ever had a backup has one until it is no longer sold, the number never falls below what is sold, and the first backup
 * stays until one is old enough: no deletion broke a clause.
 */
export function worse(
  there: readonly Stood[],
  left: readonly Stood[],
  { perDay, count, oldestMonths }: Rotation,
  { today, nowMs }: Moment,
): readonly string[] {
  if (left.length === there.length) return [];
  const after = numbers(left, today);
  const found = [...numbers(there, today)]
    .filter(([period, number]) => {
      const sold = period.startsWith("day") ? perDay : 1;
      return (after.get(period) ?? 0) < Math.min(number, sold);
    })
    .map(([period]) => period);
  if (left.length < Math.min(count, there.length)) found.push("count");
  const anchors = anchorsOf(there, nowMs);
  if (oldestMonths > 0 && !left.some((each) => anchors.includes(each))) found.push("age");
  return found;
}

/** Of which one has to be there. */
function anchorsOf(all: readonly Stood[], nowMs: number): readonly Stood[] {
  const old = all.filter(({ oldMs }) => oldMs <= nowMs);
  return old.length > 0 ? old : all.slice(0, 1);
}

/** How many stand for each period that is still sold. */
function numbers(all: readonly Stood[], today: number): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { standsFor } of all) {
    for (const { period, goneOn } of standsFor) {
      if (today < goneOn) found.set(period, (found.get(period) ?? 0) + 1);
    }
  }
  return found;
}

/** Of what is left, oldest first, those without which nothing would be worse; the newest is never one of them. */
export function needless(
  left: readonly Stood[],
  { perDay, count, oldestMonths }: Rotation,
  { today, nowMs }: Moment,
): readonly string[] {
  if (left.length <= count) return [];
  const all = numbers(left, today);
  const anchors = oldestMonths > 0 ? anchorsOf(left, nowMs) : [];
  const isLast = (each: Stood) =>
    (anchors.length === 1 && anchors[0] === each) ||
    each.standsFor.some(
      ({ period, goneOn }) =>
        today < goneOn && (all.get(period) ?? 0) <= (period.startsWith("day") ? perDay : 1),
    );
  return left
    .slice(0, -1)
    .filter((each) => !isLast(each))
    .map(({ id }) => id);
}
