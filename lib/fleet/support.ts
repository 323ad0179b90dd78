import { holidaysOf } from "../sla/books/timezone.ts";
import type { Plan } from "../sla/plan.ts";
import type { Draft } from "./draft.ts";
import type { Mistake } from "./mistake.ts";

/** Replies promised in business hours of the provider's own need to know its holidays. */
export function holidaysKnown({ provider, plans, instances }: Draft): readonly Mistake[] {
  if (!provider) return [];
  const first = instances.find(
    ({ instance, doubtful }) =>
      !doubtful.has("plan") &&
      !doubtful.has("holidays") &&
      needsLocal(plans[instance.plan]) &&
      holidaysOf(instance, { plans, provider }) === undefined,
  );
  if (!first) return [];
  const { id, plan } = first.instance;
  const message = `is missing: '${plan}' of ${id} promises replies in business hours without local holidays, so say whose, like BE`;
  return [{ path: ["provider", "holidays"], message }];
}

const needsLocal = (plan: Plan | undefined) =>
  plan?.support?.hours.holidays === "local" &&
  plan.support.replies?.some(({ clock }) => clock === "business-hours") === true;
