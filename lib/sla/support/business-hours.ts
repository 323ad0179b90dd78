import { Temporal } from "temporal-polyfill";
import type { BusinessHours } from "../service-terms.ts";

/** Business hours somewhere: neither zone nor holidays are `local` any more. */
export interface OfficeHours extends BusinessHours {
  /** The days of a year, `2026-12-25`, that are free. */
  readonly freeDays: (year: number) => ReadonlySet<string>;
}

/** Longer than any office is closed. */
const MOST_DAYS = 3660;

/**
 * The instant, in ms, at which so many ms of business hours have passed since another; it lies within business hours, or at their end.
 * Throws RangeError if there are no such hours.
 */
export function afterOfficeMs(fromMs: number, amountMs: number, hours: OfficeHours): number {
  let date = Temporal.Instant.fromEpochMilliseconds(fromMs)
    .toZonedDateTimeISO(hours.timezone)
    .toPlainDate();
  let left = amountMs;
  for (let day = 0; day < MOST_DAYS; day++, date = date.add({ days: 1 })) {
    const open = officeSpan(date, hours);
    const openMs = open ? Math.max(0, open.toMs - Math.max(open.fromMs, fromMs)) : 0;
    if (open && openMs > 0 && left <= openMs) return Math.max(open.fromMs, fromMs) + left;
    left -= openMs;
  }
  throw new RangeError(
    `${hours.from}-${hours.to} in ${hours.timezone} is never reached from ${fromMs}`,
  );
}

/** What of a business day is its length by the wall's clock, in ms: by it days are counted. */
export function officeDayMs({ from, to }: Pick<BusinessHours, "from" | "to">): number {
  return minuteOfDay(to) - minuteOfDay(from);
}

const minuteOfDay = (time: string) => {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return (hour * 60 + minute) * 60_000;
};

/** Undefined where the day is free. A time that clocks skip is the one after the gap. */
function officeSpan(date: Temporal.PlainDate, hours: OfficeHours) {
  const { weekdays, from, to, timezone, freeDays } = hours;
  if (!weekdays.includes(date.dayOfWeek) || freeDays(date.year).has(date.toString())) {
    return undefined;
  }
  const at = (time: string) =>
    date.toZonedDateTime({ timeZone: timezone, plainTime: Temporal.PlainTime.from(time) })
      .epochMilliseconds;
  return { fromMs: at(from), toMs: at(to) };
}
