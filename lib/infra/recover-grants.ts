import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { RECOVERY_TAG } from "../../functions/recover/contract.ts";
import { RESTORE_SECRET, SUBNET_GROUP } from "../../functions/restore/contract.ts";
import { ADOPT_FUNCTION } from "../../functions/sql/contract.ts";
import { databaseArns } from "../sla/database-arns.ts";
import { allParameterGroups, type Fleet } from "../sla/fleet.ts";
import { allow } from "./bundled-function.ts";
import { ifKept, taggedAsKept } from "./database-conditions.ts";

/** Restores what the region keeps under names that nothing in service has, and changes nothing else. */
export function recoverGrants(
  fleet: Fleet,
  region: string,
  common: readonly PolicyStatement[],
): readonly PolicyStatement[] {
  const { account } = fleet.provider;
  const rds = (kind: string, name: string) => `arn:aws:rds:${region}:${account}:${kind}:${name}`;
  const isHere = (arn: string) => arn.startsWith(rds("db", ""));
  const arns = databaseArns(fleet);
  const restored = arns.recovered.filter(isHere);
  const [condition, sources] = [ifKept(arns), arns.databases.filter(isHere)];
  const site = fleet.sites[region];
  const parameterGroups = site ? allParameterGroups(site).map((name) => rds("pg", name)) : [];
  // A restore of what has an option group takes it along.
  const networks = [rds("subgrp", SUBNET_GROUP), ...parameterGroups, rds("og", "*")];
  const [backups, logs] = [rds("snapshot", "sla-*"), rds("auto-backup", "*")];
  const secret = `arn:aws:secretsmanager:${region}:${account}:secret:${RESTORE_SECRET}-??????`;
  const adopting = `arn:aws:lambda:${region}:${account}:function:${ADOPT_FUNCTION}`;
  return [
    ...common,
    allow(["secretsmanager:GetSecretValue"], [secret]),
    allow(["lambda:InvokeFunction"], [adopting]),
    allow(["rds:DescribeDBSnapshots"], [rds("snapshot", "*")]),
    allow(["rds:DescribeDBInstanceAutomatedBackups"], [rds("db", "*"), logs]),
    // Where nothing of the fleet can ever be restored there is nothing to allow.
    ...(restored.length === 0
      ? []
      : [
          allow(["rds:RestoreDBInstanceFromDBSnapshot"], [...restored, backups, ...networks]),
          allow(
            ["rds:RestoreDBInstanceToPointInTime"],
            [...new Set([...restored, ...(condition ? [] : sources)]), logs, ...networks],
          ),
          ...(condition ? [allow(["rds:RestoreDBInstanceToPointInTime"], sources, condition)] : []),
          allow(["rds:ModifyDBInstance"], restored, condition),
          allow(["rds:AddTagsToResource"], restored, taggedAsKept(RECOVERY_TAG)),
        ]),
    // RDS uses the key of the backup for the caller, and nobody but RDS may.
    allow(
      ["kms:CreateGrant", "kms:DescribeKey", "kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext"],
      [`arn:aws:kms:${region}:${account}:key/*`],
      { StringLike: { "kms:ViaService": "rds.*.amazonaws.com" } },
    ),
  ];
}
