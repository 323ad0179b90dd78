import type { Minute, MinuteState } from "./minute-sheet.ts";

/** Minutes by what they were; `total` is the sum of the others. */
export type Minutes = Readonly<Record<MinuteState | "total", number>>;

export interface Tally {
  readonly minutes: Minutes;
  /** Down minutes of the longest outage. */
  readonly longestOutageMinutes: number;
}

/**
 * Counts minutes in their order. Only a minute seen up ends an outage: one that nobody saw, or whose downtime
 * does not count, is not added to it but cuts no long outage in two.
 */
export function tallyOf(sheet: Iterable<Minute>): Tally {
  const minutes = { total: 0, up: 0, down: 0, unobserved: 0, maintenance: 0, excluded: 0 };
  let longest = 0;
  let outage = 0;
  for (const { state, seen } of sheet) {
    minutes.total += 1;
    minutes[state] += 1;
    if (seen === "up") outage = 0;
    if (state === "down") {
      outage += 1;
      longest = Math.max(longest, outage);
    }
  }
  return { minutes, longestOutageMinutes: longest };
}
