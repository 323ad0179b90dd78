import { isFrozen } from "./destination.ts";
import type { Frozen, Instance } from "./fleet.ts";
import type { Plan } from "./plan.ts";

/**
 * The region in which a dump of now can be made of an instance; undefined where none can. Whoever was sold downloads and no frozen copy has
 * dumps when somebody asks, where copies of the backups lie anyway.
 */
export function dumpedIn(
  instance: Pick<Instance, "home" | "copies" | "destination">,
  plan: Pick<Plan, "backups" | "frozen" | "downloads"> | undefined,
  frozen: Frozen | undefined,
): string | undefined {
  if (!frozen || !plan?.backups) return undefined;
  const { region } = frozen;
  if (isFrozen(instance, plan)) return region;
  const { downloads } = plan;
  const isSold = downloads === "any-time" || downloads === "by-agreement";
  return isSold && [instance.home, ...instance.copies].includes(region) ? region : undefined;
}
