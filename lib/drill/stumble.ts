import type { Watch } from "../sla/plan.ts";

/** An application that answers every visitor `bad` times badly, then `good` times well, over and over. */
export interface Stumble {
  readonly bad: number;
  readonly good: number;
}

/**
 * As often as it can be without opening an incident. Each vantage is a visitor and counts for itself: out
 * of step as they may be, no majority of an odd number of them sees one bad round more.
 */
export const belowThreshold = ({ badRounds }: Pick<Watch, "badRounds">): Stumble => ({
  bad: badRounds - 1,
  good: badRounds,
});

/** Whether this visit (0 is the visitor's first) is answered badly. */
export const isBadVisit = ({ bad, good }: Stumble, visit: number): boolean =>
  visit % (bad + good) < bad;
