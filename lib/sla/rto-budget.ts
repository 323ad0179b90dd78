import { LEAST_APPROVAL_SECONDS, personParts } from "./approval.ts";
import { type BudgetPart, partsOf, type Recovering } from "./budget-parts.ts";
import type { FailoverMode } from "./fleet.ts";
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

export interface BudgetInput extends Omit<Recovering, "person"> {
  readonly mode: FailoverMode;
  readonly promised: Recovery;
}

/** Adds up what a recovery takes at most, in seconds, and compares it with what is promised, strictly. */
export function rtoBudget(input: BudgetInput): RtoBudget {
  const { promised, plan, ttlSeconds, mode } = input;
  const person = personParts(plan, ttlSeconds, mode);
  const parts = partsOf({ ...input, person }).filter(
    (part) => promised.includesDns || part.of === "recovery",
  );
  const totalSeconds = parts.reduce((sum, { seconds }) => sum + seconds, 0);
  const marginSeconds = promised.rtoSeconds - totalSeconds;
  return {
    parts,
    totalSeconds,
    promisedSeconds: promised.rtoSeconds,
    marginSeconds,
    ...(marginSeconds <= 0 && { change: whatToChange(input, 1 - marginSeconds, person) }),
  };
}

/** A person asked for less long, else not at all, if that suffices. */
function whatToChange(
  input: BudgetInput,
  excessSeconds: number,
  person: readonly BudgetPart[],
): Change {
  const most = (input.plan.approval?.withinSeconds ?? 0) - excessSeconds;
  if (input.mode === "approval" && most >= LEAST_APPROVAL_SECONDS) {
    const where = { of: "plan", path: ["approval", "withinSeconds"] } as const;
    const from = input.plan.approval?.withinSeconds;
    return { where, advice: `lower approval.withinSeconds from ${from} to at most ${most}` };
  }
  if (person.every(({ seconds }) => excessSeconds > seconds)) {
    return changeFor({ ...input, excessSeconds });
  }
  const where = { of: "instance", path: ["failover"] } as const;
  return { where, advice: `set failover from ${input.mode} to automatic` };
}
