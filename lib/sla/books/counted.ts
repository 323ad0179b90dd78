import type { Interval } from "./minute-sheet.ts";
import type { Span } from "./month.ts";

/** What was left out of a month, and why it may be. */
export interface LeftOut {
  /** Announced: nothing in them counts, good or bad. */
  readonly maintenance: readonly Span[];
  /** Argued: of them only what was down is left out, so that no argument makes a month worse. */
  readonly excluded: readonly Span[];
}

/** What was seen of a month, and above it what does not count. */
export function countedIntervals(
  seen: readonly Interval[],
  { maintenance, excluded }: LeftOut,
): readonly Interval[] {
  const down = seen.filter(({ state }) => state === "down");
  return [
    ...seen,
    ...maintenance.map((span): Interval => ({ state: "maintenance", ...span })),
    ...excluded.flatMap((span) => down.flatMap((outage) => overlap(outage, span))),
  ];
}

function overlap(outage: Interval, span: Span): readonly Interval[] {
  const fromMs = Math.max(outage.fromMs, span.fromMs);
  const toMs = Math.min(outage.toMs, span.toMs);
  return fromMs < toMs ? [{ state: "excluded", fromMs, toMs }] : [];
}
