import type { SecurityGroups } from "../ec2/security-groups.ts";
import { DEFAULT_GROUP } from "../ec2/security-groups.ts";
import { engineOf } from "./engines.ts";
import type { Choices, Contents, Instance } from "./instance.ts";
import { invalidValue, wholeNumber } from "./parameters.ts";

/** What RDS takes where nothing is said (the first window of the region's block of hours). */
export const DEFAULTS: Choices = {
  instanceClass: "db.t4g.micro",
  allocatedStorageGb: 20,
  multiAz: false,
  backupRetentionDays: 1,
  backupWindow: "03:00-03:30",
  maintenanceWindow: "sun:04:00-sun:04:30",
  deletionProtection: false,
  copyTagsToSnapshot: false,
  publiclyAccessible: false,
  parameterGroup: "default.postgres15",
  subnetGroup: "default",
};

/** Likewise, of an engine. */
export const defaultsOf = (contents: Contents): Choices => ({
  ...DEFAULTS,
  parameterGroup: `default.${engineOf({ contents }).family(contents.engineVersion)}`,
});

/** The parameters that every call which makes or changes an instance shares. */
export interface ChoiceInput {
  readonly DBInstanceClass?: string | undefined;
  readonly AllocatedStorage?: number | undefined;
  readonly MultiAZ?: boolean | undefined;
  readonly BackupRetentionPeriod?: number | undefined;
  readonly PreferredBackupWindow?: string | undefined;
  readonly PreferredMaintenanceWindow?: string | undefined;
  readonly DeletionProtection?: boolean | undefined;
  readonly CopyTagsToSnapshot?: boolean | undefined;
  readonly PubliclyAccessible?: boolean | undefined;
  readonly DBParameterGroupName?: string | undefined;
  readonly DBSubnetGroupName?: string | undefined;
}

const PARAMETERS = {
  DBInstanceClass: "instanceClass",
  AllocatedStorage: "allocatedStorageGb",
  MultiAZ: "multiAz",
  BackupRetentionPeriod: "backupRetentionDays",
  PreferredBackupWindow: "backupWindow",
  PreferredMaintenanceWindow: "maintenanceWindow",
  DeletionProtection: "deletionProtection",
  CopyTagsToSnapshot: "copyTagsToSnapshot",
  PubliclyAccessible: "publiclyAccessible",
  DBParameterGroupName: "parameterGroup",
  DBSubnetGroupName: "subnetGroup",
} as const satisfies Record<keyof ChoiceInput, keyof Choices>;

export const CHOICE_PARAMETERS = Object.keys(PARAMETERS);

/** @throws AwsError InvalidParameterValue */
export function chosen(input: ChoiceInput, otherwise: Choices = DEFAULTS): Choices {
  const given = Object.entries(PARAMETERS).flatMap(([parameter, choice]) => {
    const value = input[parameter as keyof ChoiceInput];
    return value === undefined ? [] : [[choice, value]];
  });
  const choices: Choices = { ...otherwise, ...Object.fromEntries(given) };
  wholeNumber("BackupRetentionPeriod", choices.backupRetentionDays, 0, 35);
  wholeNumber("AllocatedStorage", choices.allocatedStorageGb, 5, 65_536);
  if (!/^db\.[a-z0-9]+\.[a-z0-9]+$/.test(choices.instanceClass)) {
    throw invalidValue(`Invalid DB Instance class: ${choices.instanceClass}`);
  }
  return choices;
}

/** @throws AwsError InvalidParameterValue naming the groups the region does not have */
export function checkedGroups(
  groups: SecurityGroups,
  region: string,
  ids: readonly string[] | undefined,
): Instance["groups"] {
  const wanted = ids === undefined || ids.length === 0 ? [DEFAULT_GROUP] : ids;
  const missing = wanted.filter((id) => !groups.has(region, id));
  if (missing.length > 0) {
    throw invalidValue(`Invalid security group , groupId= ${missing.join(", ")}, groupName=.`);
  }
  return wanted.map((id) => ({ id, status: "active" }));
}
