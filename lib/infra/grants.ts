import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { keys } from "../../functions/ledger/contract.ts";
import type { Fleet } from "../sla/fleet.ts";
import { type Arns, arns } from "./arns.ts";
import { type BackupGrants, backupGrants } from "./backup-grants.ts";
import { allow } from "./bundled-function.ts";
import { type Common, common } from "./common-grants.ts";
import { buildGrants, dropGrants, type FailoverGrants, failoverGrants } from "./failover-grants.ts";
import { type ImageGrants, imageGrants } from "./image-grants.ts";
import { type ImageTestGrants, imageTestGrants } from "./image-test-grants.ts";
import { liveGrants } from "./live-grants.ts";
import { preparedGrants } from "./prepared-grants.ts";
import { recoverGrants } from "./recover-grants.ts";
import { type RestoreGrants, restoreGrants } from "./restore-grants.ts";

/** What each function of a site may do, as the least that its work needs. */
export interface Grants {
  readonly watch: readonly PolicyStatement[];
  readonly beat: readonly PolicyStatement[];
  readonly sql: readonly PolicyStatement[];
  readonly notify: readonly PolicyStatement[];
  readonly oncall: readonly PolicyStatement[];
  readonly publish: readonly PolicyStatement[];
  readonly flag: readonly PolicyStatement[];
  readonly approve: readonly PolicyStatement[];
  readonly debts: readonly PolicyStatement[];
  readonly records: readonly PolicyStatement[];
  readonly build: readonly PolicyStatement[];
  readonly drop: readonly PolicyStatement[];
  readonly recover: readonly PolicyStatement[];
  readonly backups: BackupGrants;
  /** Absent: nobody sells images of machines. */
  readonly imaging?: ImageGrants;
  /** Absent: nobody sells tests of images. */
  readonly imageTests?: ImageTestGrants;
  readonly restoring: RestoreGrants;
  readonly prepared: readonly PolicyStatement[];
  readonly live: readonly PolicyStatement[];
  /** Of whoever only reads what was written down. */
  readonly evidence: readonly PolicyStatement[];
  readonly failover: FailoverGrants;
}

export function grantsOf(fleet: Fleet, region: string): Grants {
  const at = arns(fleet, region);
  const may = common(at, region);
  return {
    watch: [
      ...may.readLedgers,
      may.write("rounds", "shards", "watches", "incidents"),
      may.probe,
      may.sql,
      may.notify,
      ...may.describe,
      allow(["states:StartExecution"], [at.machine, at.reprotectHere]),
    ],
    beat: [...may.readLedgers, ...may.describe, may.sqlHere],
    sql: [allow(["secretsmanager:GetSecretValue"], at.secrets)],
    ...tellingGrants(at, may, fleet.provider.webhooks !== undefined),
    publish: publishGrants(at, may),
    // The world may call it: it reads flags of its own site, and nothing else.
    flag: [allow(["s3:GetObject"], [at.folder("flags")])],
    debts: [
      ...may.readLedgers,
      may.write("debts", "roles", "failovers", "incidents"),
      may.sql,
      may.notify,
      ...may.describe,
      ...may.fence,
    ],
    records: [
      ...may.readLedgers,
      may.write("debts", "flags"),
      may.notify,
      ...may.describe,
      ...may.dns,
      may.seeCheck,
    ],
    build: [...may.readLedgers, ...may.describe, ...buildGrants(at)],
    drop: dropGrants(at, may),
    ...backupParts(fleet, region, may),
    recover: recoverGrants(fleet, region, [
      ...[...may.readLedgers, may.write("locks", "failovers"), may.probe, may.sql],
      ...[may.notify, may.keepMails, may.describeInstances],
      allow(["states:DescribeExecution"], at.executions),
    ]),
    failover: failoverGrants(at, may),
  };
}

const tellingGrants = (
  at: Arns,
  may: Common,
  hasWebhooks: boolean,
): Pick<Grants, "notify" | "oncall" | "approve"> => ({
  notify: [
    ...may.readSealed,
    may.write("mails", "unsent"),
    allow(["s3:PutObject"], [at.folder("calls"), at.folder("storms"), at.own(keys.ackSeal())]),
    allow(["sns:Publish"], [at.topic]),
    ...(hasWebhooks ? [allow(["s3:PutObject"], [at.folder("hooks")]), may.webhook] : []),
  ],
  oncall: [...may.readLedgers, allow(["s3:PutObject"], [at.folder("calls")]), may.notify],
  // The world may call it: only who has a link of ours gets past its first look.
  approve: [
    allow(["s3:GetObject"], ["approvals", "sealed", "roles", "calls", "acks"].map(at.folder)),
    allow(["s3:PutObject"], ["approvals", "acks"].map(at.folder)),
    allow(["states:SendTaskSuccess"], [at.machine]),
    allow(["states:DescribeExecution"], [at.executionsHere]),
  ],
});

function backupParts(
  fleet: Fleet,
  region: string,
  may: Common,
): Pick<
  Grants,
  "backups" | "imaging" | "imageTests" | "restoring" | "prepared" | "live" | "evidence"
> {
  const imaging = imageGrants(fleet, region);
  const tests = [...may.readLedgers, may.write("image-tests")];
  const imageTests = imageTestGrants(fleet, region, tests);
  const reconcile = [...may.readLedgers, may.write("shelves", "backups"), may.notify];
  return {
    evidence: may.readLedgers,
    backups: backupGrants(fleet, region, {
      reconcile: [...reconcile, ...(imaging?.reconcile ?? []), ...(imageTests?.reconcile ?? [])],
      take: [...may.readLedgers, may.write("figures"), may.describeInstances, may.sqlHere],
    }),
    ...(imaging && { imaging }),
    ...(imageTests && { imageTests }),
    restoring: restoreGrants(fleet, region, [...may.readLedgers, may.write("restores")]),
    prepared: [
      ...may.readLedgers,
      may.write("prepared"),
      may.notify,
      ...preparedGrants(fleet, region),
    ],
    live: liveGrants(fleet, region),
  };
}

/** Where permissions go by tags, it looks whether its region's databases have them. */
const publishGrants = (at: Arns, may: Common) => [
  ...may.readLedgers,
  may.write("fleet", "roles", "flags"),
  ...(at.byTag ? [may.describeTagged] : []),
];
