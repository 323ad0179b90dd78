import type * as rds from "@aws-sdk/client-rds";
import type { Context } from "../conditions.ts";
import type { Ask } from "../evaluate.ts";
import { type Place, type Row, type Rows, rowsOf, throughService } from "./row.ts";

type Kind = "db" | "snapshot" | "auto-backup" | "pg" | "og" | "subgrp";

/** ARN of what is named by an identifier or already by an ARN; `*` where nothing is named. */
const arn = ({ region, account }: Place, kind: Kind, id = "*") =>
  id.startsWith("arn:") ? id : `arn:aws:rds:${region}:${account}:${kind}:${id}`;

/** The groups that a database gets where none is named, of the one version there is here. */
const DEFAULTS = {
  og: "default:postgres-15",
  pg: "default.postgres15",
  subgrp: "default",
} as const;

type Tags = readonly rds.Tag[] | undefined;

const tagContext = (tags: Tags): Context =>
  Object.fromEntries([
    ...(tags ?? []).flatMap(({ Key = "", Value }) => [
      [`aws:requesttag/${Key.toLowerCase()}`, Value],
      [`rds:req-tag/${Key.toLowerCase()}`, Value],
    ]),
    ["aws:tagkeys", tags?.map(({ Key = "" }) => Key)],
  ]);

const asks = (action: string, resources: readonly string[], tags?: Tags): readonly Ask[] =>
  resources.map((resource) => ({ action: `rds:${action}`, resource, context: tagContext(tags) }));

/** Whoever makes something with tags tags it: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/security_iam_id-based-policy-examples-grant-permissions-tags-on-create.html */
const tagged = (resource: string, tags: Tags): readonly Ask[] =>
  tags && tags.length > 0 ? asks("AddTagsToResource", [resource], tags) : [];

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html: of whoever names a key. */
const withKey = (place: Place, key: string | undefined) =>
  throughService("rds", place, key, ["kms:CreateGrant", "kms:DescribeKey"]);

const named =
  (action: string, kind: Kind, member: string): Row =>
  (input: Readonly<Record<string, string | undefined>>, place) =>
    asks(action, [arn(place, kind, input[member])]);

const tagging =
  (action: string): Row =>
  (input: rds.AddTagsToResourceMessage) =>
    asks(action, [input.ResourceName ?? ""], input.Tags);

interface Grouped {
  readonly DBParameterGroupName?: string | undefined;
  readonly OptionGroupName?: string | undefined;
  readonly DBSubnetGroupName?: string | undefined;
}

const groups = (place: Place, input: Grouped): readonly string[] => [
  arn(place, "og", input.OptionGroupName ?? DEFAULTS.og),
  arn(place, "pg", input.DBParameterGroupName ?? DEFAULTS.pg),
  arn(place, "subgrp", input.DBSubnetGroupName ?? DEFAULTS.subgrp),
];

const only = (place: Place, kind: Kind, id: string | undefined) =>
  id === undefined ? [] : [arn(place, kind, id)];

const createInstance: Row = (input: rds.CreateDBInstanceMessage, place) => {
  const database = arn(place, "db", input.DBInstanceIdentifier);
  return [
    ...asks("CreateDBInstance", [database, ...groups(place, input)], input.Tags),
    ...tagged(database, input.Tags),
    ...withKey(place, input.KmsKeyId),
  ];
};

const replicate: Row = (input: rds.CreateDBInstanceReadReplicaMessage, place) => {
  const database = arn(place, "db", input.DBInstanceIdentifier);
  const resources = [
    database,
    arn(place, "db", input.SourceDBInstanceIdentifier),
    arn(place, "og", input.OptionGroupName ?? DEFAULTS.og),
    arn(place, "subgrp", input.DBSubnetGroupName ?? DEFAULTS.subgrp),
    ...only(place, "pg", input.DBParameterGroupName),
  ];
  return [
    ...asks("CreateDBInstanceReadReplica", resources, input.Tags),
    ...tagged(database, input.Tags),
    ...withKey(place, input.KmsKeyId),
  ];
};

const modify: Row = (input: rds.ModifyDBInstanceMessage, place) =>
  asks("ModifyDBInstance", [
    arn(place, "db", input.DBInstanceIdentifier),
    ...only(place, "db", input.NewDBInstanceIdentifier),
    ...only(place, "pg", input.DBParameterGroupName),
    ...only(place, "og", input.OptionGroupName),
    ...only(place, "subgrp", input.DBSubnetGroupName),
  ]);

const remove: Row = (input: rds.DeleteDBInstanceMessage, place) => {
  const database = arn(place, "db", input.DBInstanceIdentifier);
  const last = only(place, "snapshot", input.FinalDBSnapshotIdentifier);
  return [
    ...asks("DeleteDBInstance", [database]),
    ...(last.length > 0 ? asks("CreateDBSnapshot", [database, ...last]) : []),
  ];
};

const takeSnapshot: Row = (input: rds.CreateDBSnapshotMessage, place) => {
  const snapshot = arn(place, "snapshot", input.DBSnapshotIdentifier);
  const database = arn(place, "db", input.DBInstanceIdentifier);
  return [
    ...asks("CreateDBSnapshot", [database, snapshot], input.Tags),
    ...tagged(snapshot, input.Tags),
  ];
};

const copySnapshot: Row = (input: rds.CopyDBSnapshotMessage, place) => {
  const target = arn(place, "snapshot", input.TargetDBSnapshotIdentifier);
  const resources = [
    arn(place, "snapshot", input.SourceDBSnapshotIdentifier),
    target,
    ...only(place, "og", input.OptionGroupName),
  ];
  return [
    ...asks("CopyDBSnapshot", resources, input.Tags),
    ...tagged(target, input.Tags),
    ...withKey(place, input.KmsKeyId),
  ];
};

const restore: Row = (input: rds.RestoreDBInstanceFromDBSnapshotMessage, place) => {
  const database = arn(place, "db", input.DBInstanceIdentifier);
  const snapshot = arn(place, "snapshot", input.DBSnapshotIdentifier);
  return [
    ...asks(
      "RestoreDBInstanceFromDBSnapshot",
      [database, snapshot, ...groups(place, input)],
      input.Tags,
    ),
    ...tagged(database, input.Tags),
    ...withKey(place, place.facts.keyOf(snapshot)),
  ];
};

const restoreToTime: Row = (input: rds.RestoreDBInstanceToPointInTimeMessage, place) => {
  const database = arn(place, "db", input.TargetDBInstanceIdentifier);
  const resources = [
    database,
    ...only(place, "db", input.SourceDBInstanceIdentifier),
    ...only(place, "auto-backup", input.SourceDBInstanceAutomatedBackupsArn),
    ...groups(place, input),
  ];
  return [
    ...asks("RestoreDBInstanceToPointInTime", resources, input.Tags),
    ...tagged(database, input.Tags),
  ];
};

const describeSnapshots: Row = (input: rds.DescribeDBSnapshotsMessage, place) =>
  asks("DescribeDBSnapshots", [
    arn(place, "snapshot", input.DBSnapshotIdentifier),
    ...only(place, "db", input.DBInstanceIdentifier),
  ]);

const describeAutomated: Row = (input: rds.DescribeDBInstanceAutomatedBackupsMessage, place) =>
  asks("DescribeDBInstanceAutomatedBackups", [
    arn(place, "auto-backup", input.DBInstanceAutomatedBackupsArn),
    ...only(place, "db", input.DBInstanceIdentifier),
  ]);

const ship: Row = (input: rds.StartDBInstanceAutomatedBackupsReplicationMessage, place) => [
  ...asks(
    "StartDBInstanceAutomatedBackupsReplication",
    [input.SourceDBInstanceArn ?? ""],
    input.Tags,
  ),
  ...tagged(arn(place, "auto-backup"), input.Tags),
  ...withKey(place, input.KmsKeyId),
];

export const RDS: Rows = {
  CreateDBInstance: createInstance,
  CreateDBInstanceReadReplica: replicate,
  DescribeDBInstances: named("DescribeDBInstances", "db", "DBInstanceIdentifier"),
  ModifyDBInstance: modify,
  PromoteReadReplica: named("PromoteReadReplica", "db", "DBInstanceIdentifier"),
  RebootDBInstance: named("RebootDBInstance", "db", "DBInstanceIdentifier"),
  StopDBInstance: named("StopDBInstance", "db", "DBInstanceIdentifier"),
  StartDBInstance: named("StartDBInstance", "db", "DBInstanceIdentifier"),
  DeleteDBInstance: remove,
  CreateDBSnapshot: takeSnapshot,
  DescribeDBSnapshots: describeSnapshots,
  CopyDBSnapshot: copySnapshot,
  DeleteDBSnapshot: named("DeleteDBSnapshot", "snapshot", "DBSnapshotIdentifier"),
  RestoreDBInstanceFromDBSnapshot: restore,
  RestoreDBInstanceToPointInTime: restoreToTime,
  DescribeDBInstanceAutomatedBackups: describeAutomated,
  StartDBInstanceAutomatedBackupsReplication: ship,
  StopDBInstanceAutomatedBackupsReplication: named(
    "StopDBInstanceAutomatedBackupsReplication",
    "db",
    "SourceDBInstanceArn",
  ),
  DescribeDBParameterGroups: named("DescribeDBParameterGroups", "pg", "DBParameterGroupName"),
  DescribeDBParameters: named("DescribeDBParameters", "pg", "DBParameterGroupName"),
  DescribeDBSubnetGroups: named("DescribeDBSubnetGroups", "subgrp", "DBSubnetGroupName"),
  AddTagsToResource: tagging("AddTagsToResource"),
  RemoveTagsFromResource: tagging("RemoveTagsFromResource"),
  ListTagsForResource: tagging("ListTagsForResource"),
  ...rowsOf("rds", ["DescribeEvents", "DescribeAccountAttributes"]),
};
