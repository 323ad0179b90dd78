import type { Fleet } from "../fleet.ts";
import { mirrorOf } from "../mirror.ts";
import type { Plan } from "../plan.ts";

/** Whose ledgers keep tickets: control's, and that of its mirror. */
export function ticketSites(fleet: Pick<Fleet, "control" | "sites">): readonly string[] {
  const mirror = mirrorOf(fleet.control, fleet);
  return mirror === undefined ? [fleet.control] : [fleet.control, mirror];
}

export const promisesReplies = (plan: Plan | undefined): boolean =>
  (plan?.support?.replies ?? []).length > 0;

/** Whether any instance was sold an answer in time. */
export const sellsReplies = ({ instances, plans }: Pick<Fleet, "instances" | "plans">): boolean =>
  instances.some(({ plan }) => promisesReplies(plans[plan]));
