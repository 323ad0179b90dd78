import type { Fleet, Instance } from "../sla/fleet.ts";
import type { Plan } from "../sla/plan.ts";

/** What one run is measured against. */
export interface Stakes {
  readonly plan: Plan;
  readonly promised: { readonly rtoSeconds: number | null; readonly rpoSeconds: number | null };
  readonly deadlineSeconds: number | null;
  readonly rpoLimitSeconds: number | null;
}

export function stakesOf(
  fleet: Fleet,
  victim: Instance,
  pace: number,
  disaster: "serverLoss" | "siteLoss" = "serverLoss",
): Stakes {
  const plan = fleet.plans[victim.plan];
  if (!plan) throw new RangeError(`fleet has no plan '${victim.plan}'`);
  const { rtoSeconds = null, rpoSeconds = null } = plan[disaster] ?? {};
  return {
    plan,
    promised: { rtoSeconds, rpoSeconds },
    deadlineSeconds: divided(rtoSeconds, pace),
    rpoLimitSeconds: divided(rpoSeconds, pace),
  };
}

const divided = (seconds: number | null, pace: number) =>
  seconds === null ? null : seconds / pace;
