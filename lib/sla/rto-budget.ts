import { type BudgetPart, PERSON_SECONDS, partsOf, type Recovering } from "./budget-parts.ts";
import type { Recovery } from "./plan.ts";
import { type Change, changeFor } from "./which-number.ts";

export interface RtoBudget {
  /** In the order they happen; those the plan's RTO leaves out are absent. */
  readonly parts: readonly BudgetPart[];
  readonly totalSeconds: number;
  readonly promisedSeconds: number;
  /** Promised − total; the promise is kept if it is above 0. */
  readonly marginSeconds: number;
  /** Which number to change; present where the promise cannot be kept. */
  readonly change?: Change;
}

export interface BudgetInput extends Recovering {
  readonly promised: Recovery;
}

/** Adds up what a recovery takes at most, in seconds, and compares it with what is promised, strictly. */
export function rtoBudget(input: BudgetInput): RtoBudget {
  const { promised } = input;
  const parts = partsOf(input).filter((part) => promised.includesDns || part.of === "recovery");
  const totalSeconds = parts.reduce((sum, { seconds }) => sum + seconds, 0);
  const marginSeconds = promised.rtoSeconds - totalSeconds;
  return {
    parts,
    totalSeconds,
    promisedSeconds: promised.rtoSeconds,
    marginSeconds,
    ...(marginSeconds <= 0 && { change: whatToChange(input, 1 - marginSeconds) }),
  };
}

function whatToChange(input: BudgetInput, excessSeconds: number): Change {
  if (input.mode === "automatic" || excessSeconds > PERSON_SECONDS) {
    return changeFor({ ...input, excessSeconds });
  }
  const where = { of: "instance", path: ["failover"] } as const;
  return { where, advice: `set failover from ${input.mode} to automatic` };
}
