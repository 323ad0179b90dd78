import { availabilityPromises } from "./availability-promises.ts";
import { backupPromises } from "./backup-promises.ts";
import { copyPromises } from "./copy-promises.ts";
import { creditPromises } from "./credit-promises.ts";
import { downloadPromises } from "./download-promises.ts";
import { encryptionPromises } from "./encryption-promises.ts";
import type { Fleet, Instance, Provider } from "./fleet.ts";
import { frozenPromises } from "./frozen-promises.ts";
import { imageTestPromises } from "./image-test-promises.ts";
import { maintenancePromises } from "./maintenance-promises.ts";
import type { Plan } from "./plan.ts";
import type { PromiseLine } from "./promise-line.ts";
import { recoveryPromises } from "./recovery-promises.ts";
import { residencyPromises } from "./residency-promises.ts";
import { restoreTestPromises } from "./restore-test-promises.ts";
import { servicePromises } from "./service-promises.ts";
import { shownPromises } from "./shown-promises.ts";
import { supportPromises } from "./support-promises.ts";
import { versionPromises } from "./version-promises.ts";

/** What of a fleet makes promises. */
export interface Promising
  extends Pick<Fleet, "plans" | "instances" | "frozen" | "reports" | "status"> {
  /** Absent: the zone is not known yet, UTC stands in for it. */
  readonly provider?: Pick<Provider, "timezone"> & Partial<Provider>;
  /** Absent: not known yet. */
  readonly vantages?: Fleet["vantages"];
}

/** An instance with the plan it was sold. */
export interface Sold {
  readonly fleet: Promising;
  readonly instance: Instance;
  readonly plan: Plan;
}

/** A line without what every line of the same instance has. */
export type Finding = Omit<PromiseLine, "instance" | "plan">;

type Examiner = (sold: Sold) => readonly Finding[];

const EXAMINERS: readonly Examiner[] = [
  recoveryPromises,
  residencyPromises,
  backupPromises,
  versionPromises,
  copyPromises,
  frozenPromises,
  restoreTestPromises,
  imageTestPromises,
  downloadPromises,
  servicePromises,
  availabilityPromises,
  creditPromises,
  encryptionPromises,
  maintenancePromises,
  supportPromises,
  shownPromises,
];

/** Every promise of every instance, in the fleet's order; what a plan does not promise has no line. */
export function checkPromises(fleet: Promising): readonly PromiseLine[] {
  return fleet.instances.flatMap((instance) => {
    const plan = fleet.plans[instance.plan];
    if (!plan) throw new RangeError(`${instance.id}: the fleet has no plan '${instance.plan}'`);
    const sold = { fleet, instance, plan };
    return EXAMINERS.flatMap((examine) => examine(sold)).map((finding) => ({
      instance: instance.id,
      plan: plan.name,
      ...finding,
    }));
  });
}
