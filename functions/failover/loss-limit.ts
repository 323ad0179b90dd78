import type { Plan } from "../../lib/sla/plan.ts";
import type { FailoverRequest } from "./contract.ts";

export interface LossLimit {
  /** Plan seconds. */
  readonly seconds: number;
  readonly by: "the plan allows" | "you allow";
}

/** How much a restore may lose: the promise for a data center that is lost. */
export const recoverLimit = (
  { allowLossSeconds }: Pick<FailoverRequest, "allowLossSeconds">,
  plan: Plan | undefined,
): LossLimit | undefined => {
  if (allowLossSeconds !== undefined) return { seconds: allowLossSeconds, by: "you allow" };
  const seconds = (plan?.siteLoss ?? plan?.serverLoss)?.rpoSeconds;
  return seconds === undefined ? undefined : { seconds, by: "the plan allows" };
};

/** How much a promotion may lose: what a person says, else the plan; undefined where nothing is promised. */
export function lossLimit(
  { trigger, allowLossSeconds }: Pick<FailoverRequest, "trigger" | "allowLossSeconds">,
  plan: Plan | undefined,
): LossLimit | undefined {
  if (trigger === "person" && allowLossSeconds !== undefined) {
    return { seconds: allowLossSeconds, by: "you allow" };
  }
  const seconds = (plan?.serverLoss ?? plan?.siteLoss)?.rpoSeconds;
  return seconds === undefined ? undefined : { seconds, by: "the plan allows" };
}
