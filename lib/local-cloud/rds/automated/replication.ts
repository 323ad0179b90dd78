import type {
  StartDBInstanceAutomatedBackupsReplicationMessage,
  StartDBInstanceAutomatedBackupsReplicationResult,
  StopDBInstanceAutomatedBackupsReplicationMessage,
  StopDBInstanceAutomatedBackupsReplicationResult,
} from "@aws-sdk/client-rds";
import { AwsError, type CallContext } from "../../wire/service.ts";
import { invalidState, mustBe } from "../inventory.ts";
import { invalidCombination, invalidValue, refuseUnknown, wholeNumber } from "../parameters.ts";
import { checkedTags } from "../tag-rules.ts";
import type { World } from "../world.ts";
import { archiveOf } from "./archive.ts";
import { type AutomatedBackup, newBackupArn } from "./backup.ts";
import { automatedView } from "./view.ts";

/** Replicated backups in a region, of an account. */
const QUOTA = 20;
const DEFAULT_RETENTION_DAYS = 7;

const KNOWN = [
  "SourceDBInstanceArn",
  "BackupRetentionPeriod",
  "KmsKeyId",
  "PreSignedUrl",
  "Tags",
  "SourceRegion",
];

/** StartDBInstanceAutomatedBackupsReplication, called in the region of the copy. */
export async function startReplication(
  world: World,
  input: StartDBInstanceAutomatedBackupsReplicationMessage,
  { region }: CallContext,
): Promise<StartDBInstanceAutomatedBackupsReplicationResult> {
  refuseUnknown("StartDBInstanceAutomatedBackupsReplication", input, KNOWN);
  const original = originalOf(world, region, input.SourceDBInstanceArn);
  const { contents, choices } = original;
  if (contents.encrypted && input.KmsKeyId === undefined) {
    throw invalidCombination(
      `${original.instanceId} is encrypted: KmsKeyId must name a key of ${region}.`,
    );
  }
  world.mishaps.keys.check(region, input.KmsKeyId);
  const { BackupRetentionPeriod: days = DEFAULT_RETENTION_DAYS } = input;
  wholeNumber("BackupRetentionPeriod", days, 1, 35);
  const arn = newBackupArn(world.account, region);
  const copy: AutomatedBackup = {
    ...original,
    region,
    arn,
    contents: { ...contents, ...(input.KmsKeyId !== undefined && { kmsKey: input.KmsKeyId }) },
    choices: { ...choices, backupRetentionDays: days },
    // By its own name: the instance may leave an earlier, retained copy here.
    archive: archiveOf(world.directory, region, arn.split(":").at(-1) ?? ""),
    copyOf: original,
    bases: [],
    tags: checkedTags(arn, input.Tags ?? []),
    isRetained: false,
  };
  delete copy.latest;
  world.automated.add(copy);
  return { DBInstanceAutomatedBackup: automatedView(world, copy) };
}

/** StopDBInstanceAutomatedBackupsReplication: what was shipped is retained. */
export async function stopReplication(
  world: World,
  input: StopDBInstanceAutomatedBackupsReplicationMessage,
  { region }: CallContext,
): Promise<StopDBInstanceAutomatedBackupsReplicationResult> {
  const arn = input.SourceDBInstanceArn;
  const copy = world.automated
    .in(region)
    .find((one) => one.copyOf && !one.isRetained && one.instanceArn === arn);
  if (!copy) throw invalidState(`The automated backups of ${arn} are not replicated to ${region}.`);
  copy.isRetained = true;
  return { DBInstanceAutomatedBackup: automatedView(world, copy) };
}

/** @throws AwsError if there is nothing to replicate, or no room for it */
function originalOf(world: World, region: string, arn: string | undefined): AutomatedBackup {
  const { automated, inventory, cutRegions, keepsBackups } = world;
  const instance = inventory.get(region, arn);
  if (instance.region === region) {
    throw invalidValue(
      `${arn} is in ${region} itself: its backups are replicated to other regions.`,
    );
  }
  if (cutRegions.has(instance.region)) {
    throw new AwsError("InternalFailure", `${instance.region} does not answer`, 500);
  }
  mustBe(instance, "available", "backing-up");
  const original = automated.of(instance);
  if (!original) {
    const why = keepsBackups ? "are not enabled" : "are not kept by this local cloud";
    throw invalidState(`Automated backups of ${instance.id} ${why}.`);
  }
  const copies = automated.in(region).filter((one) => one.copyOf && !one.isRetained);
  if (copies.some((one) => one.copyOf === original)) {
    throw new AwsError(
      "InvalidDBInstanceAutomatedBackupStateFault",
      `The automated backups of ${instance.id} are already replicated to ${region}.`,
      400,
    );
  }
  if (copies.length < QUOTA) return original;
  throw new AwsError(
    "DBInstanceAutomatedBackupQuotaExceededFault",
    `Cannot replicate more than ${QUOTA} automated backups to ${region}.`,
    400,
  );
}
