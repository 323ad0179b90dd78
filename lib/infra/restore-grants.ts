import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import {
  RESTORE_SECRET,
  RESTORE_TEST_MACHINE,
  SUBNET_GROUP,
  TEST_PREFIX,
  TEST_TAGS,
} from "../../functions/restore/contract.ts";
import { CONTENT_FUNCTION } from "../../functions/sql/contract.ts";
import { allParameterGroups, type Fleet } from "../sla/fleet.ts";
import { loginsOf } from "../sla/recovery-needs.ts";
import { secretPatterns } from "../sla/secret-patterns.ts";
import { allow } from "./bundled-function.ts";
import { secretArn } from "./secret-arns.ts";

/** Who restores, who reads what was restored, who deletes it: nobody does two of them. */
export interface RestoreGrants {
  readonly restore: readonly PolicyStatement[];
  readonly discard: readonly PolicyStatement[];
  readonly content: readonly PolicyStatement[];
  /** Gives what was restored the passwords of now. */
  readonly adopt: readonly PolicyStatement[];
}

/** `common`: what a function needs that reads and writes ledgers. */
export function restoreGrants(
  fleet: Fleet,
  region: string,
  common: readonly PolicyStatement[],
): RestoreGrants {
  const { account } = fleet.provider;
  const rds = (kind: string, name: string) => `arn:aws:rds:${region}:${account}:${kind}:${name}`;
  const tests = rds("db", `${TEST_PREFIX}*`);
  const backups = rds("snapshot", "sla-*");
  const site = fleet.sites[region];
  const parameterGroups = site ? allParameterGroups(site).map((name) => rds("pg", name)) : [];
  const openSecret = allow(
    ["secretsmanager:GetSecretValue"],
    [`arn:aws:secretsmanager:${region}:${account}:secret:${RESTORE_SECRET}-??????`],
  );
  // A restore of what has an option group takes it along.
  const networks = [rds("subgrp", SUBNET_GROUP), ...parameterGroups, rds("og", "*")];
  return {
    restore: [
      ...common,
      openSecret,
      allow(["rds:RestoreDBInstanceFromDBSnapshot"], [tests, backups, ...networks]),
      allow(["rds:ModifyDBInstance"], [tests]),
      allow(["rds:DescribeDBInstances"], [tests]),
      allow(["rds:DescribeDBSnapshots"], [rds("snapshot", "*")]),
      allow(["rds:AddTagsToResource"], [tests, backups]),
      allow(["rds:ListTagsForResource"], [tests, backups]),
      // RDS uses the key of the backup for the caller, and nobody but RDS may.
      allow(
        [
          "kms:CreateGrant",
          "kms:DescribeKey",
          "kms:Decrypt",
          "kms:GenerateDataKeyWithoutPlaintext",
        ],
        [`arn:aws:kms:${region}:${account}:key/*`],
        { StringLike: { "kms:ViaService": "rds.*.amazonaws.com" } },
      ),
      allow(
        ["lambda:InvokeFunction"],
        [`arn:aws:lambda:${region}:${account}:function:${CONTENT_FUNCTION}`],
      ),
      allow(
        ["states:StartExecution"],
        [`arn:aws:states:${region}:${account}:stateMachine:${RESTORE_TEST_MACHINE}`],
      ),
    ],
    discard: [
      allow(["rds:DescribeDBInstances"], [rds("db", "*")]),
      allow(["rds:ListTagsForResource"], [tests]),
      allow(["rds:DeleteDBInstance"], [tests], {
        Null: { [`aws:ResourceTag/${TEST_TAGS.test}`]: "false" },
      }),
    ],
    content: [openSecret],
    adopt: [openSecret, allow(["secretsmanager:GetSecretValue"], loginArns(fleet, region))],
  };
}

const loginArns = ({ instances, provider: { account } }: Fleet, region: string) =>
  secretPatterns(instances.flatMap(loginsOf), 1).map((name) => secretArn(account, region, name));
