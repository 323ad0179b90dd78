import { Temporal } from "temporal-polyfill";
import type { Instance } from "../fleet.ts";
import { type Span, within } from "./month.ts";

/** A day, which begins at midnight of its zone, or an instant of ISO 8601 with a zone. */
const DAY = /^\d{4}-\d\d-\d\d$/;

/** In ms. Throws RangeError for what is neither. */
export function beginOf(text: string, timezone: string): number {
  return DAY.test(text)
    ? Temporal.PlainDate.from(text).toZonedDateTime(timezone).epochMilliseconds
    : Temporal.Instant.from(text).epochMilliseconds;
}

/**
 * What of a span an instance was there; undefined if nothing.
 *
 * @param leftMs when its customer left; undefined while they stay
 */
export function serviceSpan(
  span: Span,
  { began, ended }: Pick<Instance, "began" | "ended">,
  timezone: string,
  leftMs?: number,
): Span | undefined {
  const msOf = (text: string | undefined) =>
    text === undefined ? undefined : beginOf(text, timezone);
  const ends = [msOf(ended), leftMs].filter((ms) => ms !== undefined);
  return within(span, msOf(began), ends.length === 0 ? undefined : Math.min(...ends));
}
