import type {
  DBInstanceAutomatedBackupMessage,
  DeleteDBInstanceAutomatedBackupMessage,
  DeleteDBInstanceAutomatedBackupResult,
  DescribeDBInstanceAutomatedBackupsMessage,
} from "@aws-sdk/client-rds";
import { AwsError, type CallContext } from "../../wire/service.ts";
import { type Matchers, matching } from "../filters.ts";
import { pageOf } from "../pages.ts";
import { invalidCombination } from "../parameters.ts";
import type { World } from "../world.ts";
import type { AutomatedBackup } from "./backup.ts";
import { dropBackups } from "./prune.ts";
import { automatedView, statusOf } from "./view.ts";

const FILTERS: Matchers<AutomatedBackup> = {
  status: (backup, value) => statusOf(backup) === value,
  "db-instance-id": (backup, value) =>
    backup.instanceArn === value || backup.instanceId === value.toLowerCase(),
  "dbi-resource-id": (backup, value) => isSame(backup.instanceResourceId, value),
};

export async function describeAutomatedBackups(
  world: World,
  input: DescribeDBInstanceAutomatedBackupsMessage,
  { region }: CallContext,
): Promise<DBInstanceAutomatedBackupMessage> {
  const { automated } = world;
  const { DbiResourceId, DBInstanceIdentifier, DBInstanceAutomatedBackupsArn: arn } = input;
  const asked =
    arn === undefined
      ? automated.in(region)
      : [automated.get(region, (backup) => isSame(backup.arn, arn), arn)];
  const conditions = Object.entries({
    "db-instance-id": DBInstanceIdentifier,
    "dbi-resource-id": DbiResourceId,
  }).flatMap(([Name, value]) => (value === undefined ? [] : [{ Name, Values: [value] }]));
  const found = matching(asked, [...conditions, ...(input.Filters ?? [])], FILTERS);
  const { items, marker } = pageOf(found, (one) => one.arn, input);
  return {
    DBInstanceAutomatedBackups: items.map((one) => automatedView(world, one)),
    ...(marker !== undefined && { Marker: marker }),
  };
}

/** DeleteDBInstanceAutomatedBackup: what was kept of an instance that is gone. */
export async function deleteAutomatedBackup(
  world: World,
  input: DeleteDBInstanceAutomatedBackupMessage,
  { region }: CallContext,
): Promise<DeleteDBInstanceAutomatedBackupResult> {
  const { DbiResourceId: resource, DBInstanceAutomatedBackupsArn: arn } = input;
  const named = arn ?? resource;
  if (named === undefined || (arn !== undefined && resource !== undefined)) {
    throw invalidCombination("Give either DbiResourceId or DBInstanceAutomatedBackupsArn.");
  }
  const backup = world.automated.get(
    region,
    (one) => isSame(arn === undefined ? one.instanceResourceId : one.arn, named),
    named,
  );
  if (!backup.isRetained) {
    throw new AwsError(
      "InvalidDBInstanceAutomatedBackupStateFault",
      `The automated backup ${named} is ${statusOf(backup)}: only a retained one can be deleted.`,
      400,
    );
  }
  const answer = {
    DBInstanceAutomatedBackup: { ...automatedView(world, backup), Status: "deleting" },
  };
  await dropBackups(world, backup);
  return answer;
}

export const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
