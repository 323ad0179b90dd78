import type { Instance } from "../fleet.ts";
import type { Plan } from "../plan.ts";
import type { Roles } from "../roles.ts";
import { backupPlanOf } from "./of-plan.ts";
import { placesOf } from "./places.ts";
import type { Desired } from "./reconcile.ts";
import { testPeriodOf } from "./restore-tests.ts";
import { formerOf } from "./stale.ts";

/** What an instance's backups have to be while it has these roles. */
export function desiredOf(
  instance: Instance,
  { backups, restoreTests }: Sold,
  roles: Roles,
): Desired {
  const former = formerOf(roles);
  return {
    instance: instance.id,
    plan: backupPlanOf(backups),
    primary: roles.primary,
    epoch: roles.epoch,
    ...(former && { former }),
    places: placesOf(instance, roles),
    testEvery: testPeriodOf(restoreTests),
  };
}

type Sold = Pick<Plan, "restoreTests"> & Required<Pick<Plan, "backups">>;
