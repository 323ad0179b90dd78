import { Temporal } from "temporal-polyfill";

/** From the first instant to before the second, in ms. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

const WRITTEN = /^\d{4}-(0[1-9]|1[0-2])$/;

/**
 * A calendar month, `2026-10`, as clocks in a zone show it: from the first instant of its first day to that of
 * the next month, so that neighbours neither overlap nor leave a gap, whatever clocks and calendars do in between.
 * Throws RangeError if it is no month.
 *
 * @param before by whose clocks the month before ended, where those were others
 */
export function monthSpan(month: string, timezone: string, before = timezone): Span {
  if (!WRITTEN.test(month)) {
    throw new RangeError(`'${month}' is no month: expected a year and a month, like 2026-10`);
  }
  const first = Temporal.PlainDate.from(`${month}-01`);
  const begin = (date: Temporal.PlainDate, zone: string) =>
    date.toZonedDateTime(zone).epochMilliseconds;
  return { fromMs: begin(first, before), toMs: begin(first.add({ months: 1 }), timezone) };
}

/** The last calendar month that was over at an instant, as clocks in a zone show it. */
export const monthBefore = (ms: number, timezone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(ms)
    .toZonedDateTimeISO(timezone)
    .toPlainDate()
    .toPlainYearMonth()
    .subtract({ months: 1 })
    .toString();

/** So many months before one, oldest first. */
export const monthsBefore = (month: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) =>
    Temporal.PlainYearMonth.from(month)
      .subtract({ months: count - index })
      .toString(),
  );

const MINUTE_MS = 60_000;

/** How many minutes begin in a span. */
export const minutesIn = ({ fromMs, toMs }: Span): number =>
  Math.max(0, Math.ceil(toMs / MINUTE_MS) - Math.ceil(fromMs / MINUTE_MS));

/** What of a span lies at or after `beganMs` and before `endedMs`; undefined if nothing. */
export function within(
  { fromMs, toMs }: Span,
  beganMs: number | undefined,
  endedMs: number | undefined,
): Span | undefined {
  const part = {
    fromMs: Math.max(fromMs, beganMs ?? fromMs),
    toMs: Math.min(toMs, endedMs ?? toMs),
  };
  return part.fromMs < part.toMs ? part : undefined;
}
