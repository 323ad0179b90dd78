import type {
  RestoreDBInstanceToPointInTimeMessage,
  RestoreDBInstanceToPointInTimeResult,
} from "@aws-sdk/client-rds";
import { AwsError, type CallContext } from "../../wire/service.ts";
import { engineOf } from "../engines.ts";
import { finish } from "../found.ts";
import { invalidCombination, invalidValue, refuseUnknown } from "../parameters.ts";
import { foundAgain, RESTORE_PARAMETERS } from "../restore.ts";
import { view } from "../view.ts";
import type { World } from "../world.ts";
import { type AutomatedBackup, type Base, windowOf } from "./backup.ts";
import { isSame } from "./operations.ts";

const KNOWN = [
  ...RESTORE_PARAMETERS,
  "TargetDBInstanceIdentifier",
  "SourceDBInstanceIdentifier",
  "SourceDbiResourceId",
  "SourceDBInstanceAutomatedBackupsArn",
  "RestoreTime",
  "UseLatestRestorableTime",
];

/** RestoreDBInstanceToPointInTime: a base copy, and all logs up to the time, in a new instance. */
export async function restoreToTime(
  world: World,
  input: RestoreDBInstanceToPointInTimeMessage,
  { region }: CallContext,
): Promise<RestoreDBInstanceToPointInTimeResult> {
  refuseUnknown("RestoreDBInstanceToPointInTime", input, KNOWN);
  const backup = sourceOf(world, region, input);
  world.mishaps.keys.check(region, backup.contents.kmsKey);
  const until = aimOf(backup, input);
  const base = backup.bases.findLast(({ from }) => from <= until) as Base;
  const instance = foundAgain(world, region, input.TargetDBInstanceIdentifier, input, backup);
  world.inventory.begin(instance, async () => {
    await world.mishaps.restores.passed(region, instance.gone.signal);
    const { archive } = backup;
    await engineOf(instance).keeping.restore(instance, base.file, { archive, until });
    await finish(world, instance);
    const told = `Restored from DB instance ${backup.instanceId} to ${until.toISOString()}`;
    world.events.add(instance, "restoration", told);
  });
  return { DBInstance: view(world, instance) };
}

/** @throws AwsError if no source, several, or one without automated backups is named */
function sourceOf(
  { automated, inventory, keepsBackups }: World,
  region: string,
  input: RestoreDBInstanceToPointInTimeMessage,
): AutomatedBackup {
  const {
    SourceDBInstanceIdentifier: id,
    SourceDbiResourceId: resource,
    SourceDBInstanceAutomatedBackupsArn: arn,
  } = input;
  if ([id, resource, arn].filter((one) => one !== undefined).length !== 1) {
    throw invalidCombination(
      "Give one of SourceDBInstanceIdentifier, SourceDbiResourceId, SourceDBInstanceAutomatedBackupsArn.",
    );
  }
  if (!keepsBackups) throw notEnabled("this local cloud was started without automated backups");
  if (arn !== undefined) return automated.get(region, (one) => isSame(one.arn, arn), arn);
  if (resource !== undefined) {
    const holds = (one: AutomatedBackup) => isSame(one.instanceResourceId, resource);
    return automated.get(region, holds, resource);
  }
  const backup = automated.of(inventory.get(region, id));
  if (backup) return backup;
  throw notEnabled(`point in time restore is not enabled for DB instance ${id}`);
}

const notEnabled = (message: string) =>
  new AwsError("PointInTimeRestoreNotEnabledFault", message, 400);

/** @throws AwsError if the time is not one the backup reaches */
function aimOf(backup: AutomatedBackup, input: RestoreDBInstanceToPointInTimeMessage): Date {
  const { RestoreTime: wanted, UseLatestRestorableTime: isLatest = false } = input;
  if (isLatest === (wanted !== undefined)) {
    throw invalidCombination("Give either RestoreTime or UseLatestRestorableTime.");
  }
  const window = windowOf(backup);
  if (!window) {
    const message = `${backup.instanceId} has no automated backup yet that could be restored.`;
    throw new AwsError("InvalidRestoreFault", message, 400);
  }
  const until = wanted ?? window.latest;
  const bound =
    until > window.latest
      ? `later than ${window.latest.toISOString()}`
      : `earlier than ${window.earliest.toISOString()}`;
  if (until >= window.earliest && until <= window.latest) return until;
  throw invalidValue(
    `The specified instance cannot be restored to a time ${bound}: ${until.toISOString()}.`,
  );
}
