import { monthBefore } from "../../lib/sla/books/month.ts";

/**
 * The newest month that is over by some of these clocks, and whose last UTC day is: nobody can have sealed it before.
 *
 * @param zones IANA names
 */
export function lastMonth(nowMs: number, zones: readonly string[]): string {
  const inUtc = monthBefore(nowMs, "UTC");
  const newest =
    zones
      .map((zone) => monthBefore(nowMs, zone))
      .toSorted()
      .at(-1) ?? inUtc;
  const [earlier = inUtc] = [newest, inUtc].toSorted();
  return earlier;
}
