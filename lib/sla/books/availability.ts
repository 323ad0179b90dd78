import { floorDivide, isBelow, parsePercent, type Share, writePercent } from "./percent.ts";
import type { Minutes } from "./tally.ts";

/** What is held against a month. */
export interface Objective {
  /** In percent, `99.9`; absent: nothing was promised. */
  readonly percent?: string | undefined;
  /** So many minutes may be unobserved; absent: as many as cannot change whether the objective held. */
  readonly mostUnobserved?: number | undefined;
}

export interface Settled {
  /** In percent, six places, rounded down; null without a minute up or down. */
  readonly availability: string | null;
  readonly objective: string | null;
  /** Null without an objective, or without a minute up or down. */
  readonly held: boolean | null;
  /** Enough was observed to say so; of no minutes at all nothing is. */
  readonly provable: boolean;
  /** Minutes that could still have been down, rounded down; below 0 exactly where the objective did not hold. */
  readonly errorBudgetMinutes: number | null;
}

type Seen = Pick<Minutes, "up" | "down">;

/** Throws RangeError if the objective is no percentage. */
export function settle(minutes: Minutes, { percent, mostUnobserved }: Objective): Settled {
  const least = percent === undefined ? undefined : parsePercent(percent);
  const share = shareOf(minutes);
  return {
    availability: share ? writePercent(share) : null,
    objective: percent ?? null,
    held: heldBy(minutes, least),
    provable: minutes.total > 0 && isSeen(minutes, least, mostUnobserved),
    errorBudgetMinutes: share && least ? budgetLeft(minutes, least) : null,
  };
}

/** Up of all that was up or down. Maintenance, exclusions and what nobody saw count for nobody. */
export function shareOf({ up, down }: Seen): Share | undefined {
  return up + down === 0 ? undefined : { parts: BigInt(up), whole: BigInt(up + down) };
}

function heldBy(seen: Seen, least: Share | undefined): boolean | null {
  const share = shareOf(seen);
  return share && least ? !isBelow(share, least) : null;
}

const isSeen = (minutes: Minutes, least: Share | undefined, mostUnobserved: number | undefined) =>
  mostUnobserved === undefined ? isDecided(minutes, least) : minutes.unobserved <= mostUnobserved;

/** Whatever happened in the minutes that nobody saw, the answer is the same. */
function isDecided({ up, down, unobserved }: Minutes, least: Share | undefined): boolean {
  if (!least) return unobserved === 0;
  const best = heldBy({ up: up + unobserved, down }, least);
  return best === heldBy({ up, down: down + unobserved }, least);
}

function budgetLeft({ up, down }: Seen, { parts, whole }: Share): number {
  const allowed = (whole - parts) * BigInt(up + down);
  return Number(floorDivide(allowed - whole * BigInt(down), whole));
}
