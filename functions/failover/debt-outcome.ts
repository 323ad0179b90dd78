import type { Debt } from "./debt.ts";

/** What a round came to for one debt. `under way`: a step
 * further, the rest with the next rounds. `failed`: its region answers and it cannot be paid all the same. */
export interface DebtOutcome {
  readonly instance: string;
  readonly kind: string;
  readonly outcome:
    | "paid"
    | "paid elsewhere"
    | "still paid"
    | "owed again"
    | "cancelled"
    | "undecided"
    | "under way"
    | "unreachable"
    | "failed";
  readonly detail: string;
}

export const outcomeOf = (
  { instance, kind }: Debt,
  outcome: DebtOutcome["outcome"],
  detail: string,
): DebtOutcome => ({ instance, kind, outcome, detail });
