import type { Debt } from "./debt.ts";

/** What a round came to for one debt. `failed`: its region answers and it cannot be paid all the same. */
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
    | "unreachable"
    | "failed";
  readonly detail: string;
}

export const outcomeOf = (
  { instance, kind }: Debt,
  outcome: DebtOutcome["outcome"],
  detail: string,
): DebtOutcome => ({ instance, kind, outcome, detail });
