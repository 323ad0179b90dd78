import type { Fleet, Instance } from "../fleet.ts";
import type { Backups, Plan } from "../plan.ts";
import type { Roles } from "../roles.ts";
import { type Shelved, TAGS, type Tags, tagsOf } from "./catalogue.ts";
import { type BackupPlan, backupPlanOf, type KeptSchedule } from "./of-plan.ts";
import { placesOf } from "./places.ts";
import type { Desired } from "./reconcile.ts";
import { AT } from "./schedule.ts";

/**
 * When images of the complete instance are taken, and how long they stay: a number of versions, or as every backup where those are of the
 * complete instance. Undefined where a plan sells none.
 */
export function imagePlanOf(backups: Backups | undefined): BackupPlan | undefined {
  if (!backups) return undefined;
  const versions = versionsOf(backups);
  if (!backups.contents.includes("instance")) {
    return versions.length > 0 ? { schedules: versions } : undefined;
  }
  const { schedules, ...rest } = backupPlanOf(backups);
  return { schedules: [...schedules, ...versions], ...rest };
}

function versionsOf({ instanceVersions, instanceSchedule }: Backups): readonly KeptSchedule[] {
  if (instanceVersions === undefined) return [];
  const { every = "1d", at = [AT] } = instanceSchedule ?? {};
  return [{ name: "versions", every, at, keepNewest: instanceVersions }];
}

/** What images of an instance have to be while it has these roles; undefined where none are sold, or nobody says of what. */
export function desiredImagesOf(
  instance: Instance,
  { backups, imageTests }: Pick<Plan, "backups" | "imageTests">,
  roles: Roles,
): Desired | undefined {
  const plan = imagePlanOf(backups);
  const { machines } = instance;
  if (!plan || !machines) return undefined;
  const { region } = roles.primary;
  return {
    ...{ instance: instance.id, plan, epoch: roles.epoch },
    primary: { region, database: machines[region] ?? "" },
    places: placesOf(instance, roles),
    ...(imageTests && { testEvery: imageTests.every }),
  };
}

/** Instances whose images are sold, and of which somebody says where their machines are. */
export const imagedIn = ({ instances, plans }: Pick<Fleet, "instances" | "plans">) =>
  instances.filter(
    ({ plan, machines }) => machines !== undefined && imagePlanOf(plans[plan]?.backups),
  );

/** What a copy is given: EC2 says of when a copy is, not of when its data is. */
export const imageTagsOf = (image: Shelved): Tags => ({
  ...tagsOf(image),
  [TAGS.taken]: new Date(image.takenMs).toISOString(),
});

/** Of those, whose images are also started for a test. */
export const bootedIn = (fleet: Pick<Fleet, "instances" | "plans">) =>
  imagedIn(fleet).filter(({ plan }) => fleet.plans[plan]?.imageTests !== undefined);
