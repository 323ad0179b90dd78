import type { Fleet, Instance, Provider } from "../fleet.ts";
import type { Plan } from "../plan.ts";

/** What of a fleet says whose clocks count. */
export interface Clocks {
  readonly provider: Pick<Provider, "timezone">;
  readonly plans: Readonly<Record<string, Pick<Plan, "timezone">>>;
}

/** By whose clocks the months of an instance begin and end: its own, its plan's, or else the provider's. IANA name. */
export const timezoneOf = (
  { timezone, plan }: Pick<Instance, "timezone" | "plan">,
  { plans, provider }: Clocks,
): string => timezone ?? plans[plan]?.timezone ?? provider.timezone;

/** The country whose public holidays are local ones to an instance: its own, its plan's, or else the provider's. */
export const holidaysOf = (
  { holidays, plan }: Pick<Instance, "holidays" | "plan">,
  { plans, provider }: Pick<Fleet, "plans" | "provider">,
): string | undefined => holidays ?? plans[plan]?.holidays ?? provider.holidays;

/** All zones that months of a fleet go by, in order. */
export const timezonesOf = (fleet: Clocks & Pick<Fleet, "instances">): readonly string[] =>
  [...new Set(fleet.instances.map((each) => timezoneOf(each, fleet)))].toSorted();
