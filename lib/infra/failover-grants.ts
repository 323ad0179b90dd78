import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { FAILOVER_FUNCTIONS } from "../../functions/failover/contract.ts";
import { DATABASE_TAGS } from "../sla/database-tags.ts";
import type { Arns } from "./arns.ts";
import { allow } from "./bundled-function.ts";
import { clusterGrants } from "./cluster-grants.ts";
import type { Common } from "./common-grants.ts";
import { IF_STANDBY, ifKept, taggedAsKept } from "./database-conditions.ts";

export type FailoverGrants = Readonly<
  Record<keyof typeof FAILOVER_FUNCTIONS, readonly PolicyStatement[]>
>;

export const failoverGrants = (at: Arns, may: Common): FailoverGrants => ({
  assess: [
    ...may.readLedgers,
    may.write("locks", "failovers", "approvals", "reprotects"),
    may.probe,
    may.sql,
    may.notify,
    may.keepMails,
    may.describeTagged,
    ...clusterGrants(at).describe,
    allow(["states:DescribeExecution"], at.executions),
  ],
  ask: [...may.readSealed, may.write("approvals", "sealed"), may.notify, may.keepMails],
  fence: [
    ...may.readLedgers,
    may.write("failovers", "debts"),
    may.sql,
    ...may.describe,
    ...may.fence,
  ],
  promote: [
    ...may.readLedgers,
    may.write("failovers"),
    may.sql,
    ...may.describe,
    allow(["rds:PromoteReadReplica"], at.seats, ifKept(at)),
    ...clusterGrants(at).promote,
  ],
  flip: [
    ...may.readLedgers,
    may.write("failovers", "reprotects", "flags", "debts"),
    may.probe,
    ...may.dns,
    may.seeCheck,
    // A list has no narrower resource; reprotect looks for the check of the new direction in it.
    allow(["route53:ListHealthChecks"], ["*"]),
  ],
  record: [
    ...may.readLedgers,
    may.write("roles", "locks", "incidents", "failovers", "reprotects", "debts"),
    may.notify,
    may.keepMails,
    allow(["states:StartExecution"], at.reprotects),
  ],
});

/**
 * A copy is made of any database of the fleet; what is changed afterwards has the name of such a copy. No condition on the source: AWS
 * does not say that the region of a copy sees tags of another.
 */
export const buildGrants = (at: Arns) => [
  allow(["rds:CreateDBInstanceReadReplica"], [...at.databases, ...at.networks]),
  allow(["rds:ModifyDBInstance"], at.replicas, ifKept(at)),
  ...clusterGrants(at).admit,
  allow(["rds:AddTagsToResource"], at.replicas, taggedAsKept(DATABASE_TAGS.standby)),
  // RDS uses the key of the new region for the caller, and nobody but RDS may.
  allow(["kms:CreateGrant", "kms:DescribeKey"], at.keys, {
    StringLike: { "kms:ViaService": "rds.*.amazonaws.com" },
  }),
];

/**
 * Never what was a primary first: nobody stands by under such a name. And never what is not tagged as a standby, which this function cannot
 * do. The protection is taken off before.
 */
export const dropGrants = (at: Arns, may: Common) => [
  ...may.readLedgers,
  may.write("reprotects"),
  may.sql,
  may.describeTagged,
  allow(["rds:ModifyDBInstance", "rds:DeleteDBInstance"], at.standbys, IF_STANDBY),
];
