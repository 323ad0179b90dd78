import { type BudgetPart, partsOf } from "./budget-parts.ts";
import type { FailoverMode } from "./fleet.ts";
import type { ApprovalPolicy, Plan, Recovery } from "./plan.ts";

/** The machine looks this often whether somebody has answered, should nobody have woken it. */
export const APPROVAL_LOOK_SECONDS = 30;

/** Long enough to wake up and read, short enough to be noticed if nobody does. */
const LONGEST_SECONDS = 900;
/** Nobody reads a mail faster. */
export const LEAST_APPROVAL_SECONDS = 60;

/**
 * What the plan says. Where it is silent a person has what the tightest RTO leaves, in whole minutes, and
 * the failover goes on without an answer: so the promise is kept though everybody sleeps.
 */
export function approvalPolicy(plan: Plan, ttlSeconds: number): ApprovalPolicy {
  const { withinSeconds, otherwise = "failover", asks = "provider" } = plan.approval ?? {};
  return { withinSeconds: withinSeconds ?? spareSeconds(plan, ttlSeconds), otherwise, asks };
}

function spareSeconds(plan: Plan, ttlSeconds: number): number {
  const parts = partsOf({ plan, ttlSeconds, way: "failover", person: [] });
  const spares = [plan.serverLoss, plan.siteLoss].flatMap((promised) =>
    promised ? [promised.rtoSeconds - 1 - sumOf(parts, promised) - APPROVAL_LOOK_SECONDS] : [],
  );
  const minutes = Math.floor(Math.min(LONGEST_SECONDS, ...spares) / 60);
  return Math.max(LEAST_APPROVAL_SECONDS, minutes * 60);
}

const sumOf = (parts: readonly BudgetPart[], promised: Recovery) =>
  parts
    .filter((part) => promised.includesDns || part.of === "recovery")
    .reduce((sum, { seconds }) => sum + seconds, 0);

/** What a mode that only alerts costs; the on-call rota must be able to keep it. */
const ON_CALL_SECONDS = 300;

/** What waiting for a person takes at most, by the failover's mode. */
export function personParts(
  plan: Plan,
  ttlSeconds: number,
  mode: FailoverMode,
): readonly BudgetPart[] {
  const part = (seconds: number, because: string): readonly BudgetPart[] => [
    { name: "a person", seconds, because, of: "recovery" },
  ];
  switch (mode) {
    case "automatic":
      return [];
    case "alert-only":
      return part(ON_CALL_SECONDS, "failover is not automatic");
    case "approval": {
      const { withinSeconds } = approvalPolicy(plan, ttlSeconds);
      const because = `approval.withinSeconds ${withinSeconds}, and a look for the answer`;
      return part(withinSeconds + APPROVAL_LOOK_SECONDS, because);
    }
    default:
      return mode satisfies never;
  }
}
