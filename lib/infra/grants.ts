import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { FAILOVER_FUNCTIONS } from "../../functions/failover/contract.ts";
import { keys } from "../../functions/ledger/contract.ts";
import { NOTIFY_FUNCTION } from "../../functions/notify/contract.ts";
import { PROBE_FUNCTION } from "../../functions/probe/contract.ts";
import { SQL_FUNCTION } from "../../functions/sql/contract.ts";
import { WEBHOOK_FUNCTION } from "../../functions/webhook/contract.ts";
import { DATABASE_TAGS } from "../sla/database-tags.ts";
import type { Fleet } from "../sla/fleet.ts";
import { type Arns, arns } from "./arns.ts";
import { type BackupGrants, backupGrants } from "./backup-grants.ts";
import { allow, deny } from "./bundled-function.ts";
import { IF_STANDBY, ifKept, taggedAsKept } from "./database-conditions.ts";
import { type ImageGrants, imageGrants } from "./image-grants.ts";
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
  readonly restoring: RestoreGrants;
  readonly prepared: readonly PolicyStatement[];
  readonly live: readonly PolicyStatement[];
  /** Of whoever only reads what was written down. */
  readonly evidence: readonly PolicyStatement[];
  readonly failover: Readonly<Record<keyof typeof FAILOVER_FUNCTIONS, readonly PolicyStatement[]>>;
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
      may.describe,
      allow(["states:StartExecution"], [at.machine, at.reprotectHere]),
    ],
    beat: [...may.readLedgers, may.describe, may.sqlHere],
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
      may.describe,
      may.fence,
    ],
    records: [
      ...may.readLedgers,
      may.write("debts", "flags"),
      may.notify,
      may.describe,
      ...may.dns,
      may.seeCheck,
    ],
    build: [...may.readLedgers, may.describe, ...buildGrants(at)],
    drop: dropGrants(at, may),
    ...backupParts(fleet, region, may),
    recover: recoverGrants(fleet, region, [
      ...[...may.readLedgers, may.write("locks", "failovers"), may.probe, may.sql],
      ...[may.notify, may.keepMails, may.describe],
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
): Pick<Grants, "backups" | "imaging" | "restoring" | "prepared" | "live" | "evidence"> {
  const imaging = imageGrants(fleet, region);
  const reconcile = [...may.readLedgers, may.write("shelves", "backups"), may.notify];
  return {
    evidence: may.readLedgers,
    backups: backupGrants(fleet, region, {
      reconcile: [...reconcile, ...(imaging?.reconcile ?? [])],
      take: [...may.readLedgers, may.write("figures"), may.describe, may.sqlHere],
    }),
    ...(imaging && { imaging }),
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

const failoverGrants = (at: Arns, may: Common): Grants["failover"] => ({
  assess: [
    ...may.readLedgers,
    may.write("locks", "failovers", "approvals", "reprotects"),
    may.probe,
    may.sql,
    may.notify,
    may.keepMails,
    may.describeTagged,
    allow(["states:DescribeExecution"], at.executions),
  ],
  ask: [...may.readSealed, may.write("approvals", "sealed"), may.notify, may.keepMails],
  fence: [...may.readLedgers, may.write("failovers", "debts"), may.sql, may.describe, may.fence],
  promote: [
    ...may.readLedgers,
    may.write("failovers"),
    may.sql,
    may.describe,
    allow(["rds:PromoteReadReplica"], at.seats, ifKept(at)),
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

/** Where permissions go by tags, it looks whether its region's databases have them. */
const publishGrants = (at: Arns, may: Common) => [
  ...may.readLedgers,
  may.write("fleet", "roles", "flags"),
  ...(at.byTag ? [may.describeTagged] : []),
];

/**
 * A copy is made of any database of the fleet; what is changed afterwards has the name of such a copy. No condition on the source: AWS
 * does not say that the region of a copy sees tags of another.
 */
const buildGrants = (at: Arns) => [
  allow(["rds:CreateDBInstanceReadReplica"], [...at.databases, ...at.networks]),
  allow(["rds:ModifyDBInstance"], at.replicas, ifKept(at)),
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
const dropGrants = (at: Arns, may: Common) => [
  ...may.readLedgers,
  may.write("reprotects"),
  may.sql,
  may.describeTagged,
  allow(["rds:ModifyDBInstance", "rds:DeleteDBInstance"], at.standbys, IF_STANDBY),
];

type Common = ReturnType<typeof common>;

const common = (at: Arns, region: string) => ({
  readLedgers: [...readAll(at), deny(["s3:GetObject"], at.ledgers("/sealed/*"))],
  readSealed: [...readAll(at), deny(["s3:GetObject"], at.otherLedgers("/sealed/*"))],
  write: (...prefixes: readonly string[]) =>
    allow(
      ["s3:PutObject"],
      prefixes.flatMap((prefix) => at.ledgers(`/${prefix}/*`)),
    ),
  probe: invoke(at.functions(PROBE_FUNCTION, at.probing)),
  sql: invoke(at.functions(SQL_FUNCTION, at.sites)),
  sqlHere: invoke(at.functions(SQL_FUNCTION, [region])),
  notify: invoke(at.functions(NOTIFY_FUNCTION, [region])),
  // Mails that could not be handed over.
  keepMails: allow(["s3:PutObject"], [at.folder("unsent")]),
  webhook: invoke(at.functions(WEBHOOK_FUNCTION, [region])),
  dns: [
    allow(
      [
        "route53:ChangeResourceRecordSets",
        "route53:ListResourceRecordSets",
        "route53:GetHostedZone",
      ],
      at.zones,
    ),
    allow(["route53:GetChange"], ["arn:aws:route53:::change/*"]),
  ],
  seeCheck: allow(["route53:GetHealthCheckStatus"], ["arn:aws:route53:::healthcheck/*"]),
  fence: allow(["rds:ModifyDBInstance", "rds:RebootDBInstance"], at.databases, ifKept(at)),
  // A list of a whole region has no narrower resource than all its databases.
  describe: allow(["rds:DescribeDBInstances"], at.anyDatabase),
  // With their tags, which RDS shows to whoever may list them.
  describeTagged: allow(["rds:DescribeDBInstances", "rds:ListTagsForResource"], at.anyDatabase),
});

const readAll = (at: Arns) => [
  allow(["s3:GetObject"], at.ledgers("/*")),
  // Without it S3 answers 403 instead of 404 for a key that is not there yet.
  allow(["s3:ListBucket"], at.ledgers("")),
];

const invoke = (functions: readonly string[]) => allow(["lambda:InvokeFunction"], functions);
