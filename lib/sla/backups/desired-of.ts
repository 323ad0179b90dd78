import { isFrozen } from "../destination.ts";
import { dumpedIn } from "../dumps.ts";
import type { Frozen, Instance } from "../fleet.ts";
import type { Plan } from "../plan.ts";
import type { Roles } from "../roles.ts";
import { backupPlanOf } from "./of-plan.ts";
import { placesOf } from "./places.ts";
import type { Desired } from "./reconcile.ts";
import { testPeriodOf } from "./restore-tests.ts";
import { formerOf } from "./stale.ts";

/** What an instance's backups have to be while it has these roles. */
export function desiredOf(instance: Instance, sold: Sold, roles: Roles, frozen?: Frozen): Desired {
  const { backups, restoreTests } = sold;
  const former = formerOf(roles);
  const dumps = dumpedIn(instance, sold, frozen);
  return {
    instance: instance.id,
    plan: backupPlanOf(backups),
    primary: roles.primary,
    epoch: roles.epoch,
    ...(former && { former }),
    places: placesOf(instance, roles),
    testEvery: testPeriodOf(restoreTests),
    ...(isFrozen(instance, sold) && frozen && { frozenIn: frozen.region }),
    ...(dumps !== undefined && { dumpedIn: dumps }),
    ...(instance.destination?.every && { frozenEvery: instance.destination.every }),
  };
}

type Sold = Pick<Plan, "restoreTests" | "frozen" | "downloads"> & Required<Pick<Plan, "backups">>;
