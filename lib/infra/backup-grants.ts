import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { FILES_FUNCTION } from "../../functions/files/contract.ts";
import { REPLICATE_FUNCTION } from "../../functions/replicate/contract.ts";
import { RESTORE_FUNCTION } from "../../functions/restore/contract.ts";
import { SHIP_FUNCTION } from "../../functions/ship/contract.ts";
import { ROTATE_FUNCTION, SNAPSHOT_FUNCTION } from "../../functions/snapshot/contract.ts";
import { TAGS } from "../sla/backups/catalogue.ts";
import { databaseArns } from "../sla/database-arns.ts";
import type { Fleet } from "../sla/fleet.ts";
import { allow, deny } from "./bundled-function.ts";
import { ifKept } from "./database-conditions.ts";
import { fileGrants, listManifests } from "./file-grants.ts";

/** Who sees backups, who takes them, who deletes them, who copies them, who copies files, who has logs replicated: roles that share nothing. */
export interface BackupGrants {
  readonly reconcile: readonly PolicyStatement[];
  readonly take: readonly PolicyStatement[];
  readonly rotate: readonly PolicyStatement[];
  readonly replicate: readonly PolicyStatement[];
  readonly files: readonly PolicyStatement[];
  readonly ship: readonly PolicyStatement[];
}

/** What functions of several capabilities need alike. */
interface Common {
  readonly reconcile: readonly PolicyStatement[];
  readonly take: readonly PolicyStatement[];
}

export function backupGrants(fleet: Fleet, region: string, common: Common): BackupGrants {
  const { account } = fleet.provider;
  const sites = Object.keys(fleet.sites);
  const snapshots = (place: string, name: string) =>
    `arn:aws:rds:${place}:${account}:snapshot:${name}`;
  // Names of ours begin so; automated snapshots are `rds:…`, those of AWS Backup `awsbackup:…`.
  const ours = snapshots(region, "sla-*");
  const making = [SNAPSHOT_FUNCTION, REPLICATE_FUNCTION, FILES_FUNCTION, SHIP_FUNCTION];
  const hands = [...making, RESTORE_FUNCTION, ROTATE_FUNCTION];
  // A list is asked for by its kind, not by names: it has no narrower resource.
  const any = sites.flatMap((site) => [
    snapshots(site, "*"),
    `arn:aws:rds:${site}:${account}:db:*`,
  ]);
  const arns = databaseArns(fleet);
  const { databases, keys } = arns;
  const here = databases.filter((arn) => arn.split(":")[3] === region);
  const tag = allow(["rds:AddTagsToResource"], [ours]);
  // The lists have the tags in them; whoever may not read tags would take every backup for somebody else's.
  const readTags = (places: readonly string[]) =>
    allow(
      ["rds:ListTagsForResource"],
      places.map((place) => snapshots(place, "sla-*")),
    );
  return {
    reconcile: [
      ...common.reconcile,
      allow(["rds:DescribeDBSnapshots"], any),
      readTags(sites),
      listManifests(account, region),
      ...automated(sites, account),
      allow(
        ["lambda:InvokeFunction"],
        hands.map((name) => `arn:aws:lambda:${region}:${account}:function:${name}`),
      ),
    ],
    take: [...common.take, ...(here.length > 0 ? [...taking(here, ours, ifKept(arns)), tag] : [])],
    rotate: [
      allow(["rds:DescribeDBSnapshots"], [snapshots(region, "*")]),
      readTags([region]),
      allow(["rds:DeleteDBSnapshot"], [ours], {
        StringEquals: { [`aws:ResourceTag/${TAGS.managed}`]: "true" },
      }),
      deny(["rds:DeleteDBSnapshot"], ["*"], {
        Null: { [`aws:ResourceTag/${TAGS.hold}`]: "false" },
      }),
    ],
    replicate: copying(sites, region, account),
    files: fileGrants(fleet, region),
    ship: shipping({ databases, keys }, region, account),
  };
}

/** A snapshot to come has no tags. */
const taking = (
  databases: readonly string[],
  snapshots: string,
  condition: ReturnType<typeof ifKept>,
) =>
  condition === undefined
    ? [allow(["rds:CreateDBSnapshot"], [...databases, snapshots])]
    : [
        allow(["rds:CreateDBSnapshot"], databases, condition),
        allow(["rds:CreateDBSnapshot"], [snapshots]),
      ];

/** Of databases and of what RDS keeps of them, under names of its own. */
const automated = (sites: readonly string[], account: string) => {
  const kept = sites.map((site) => `arn:aws:rds:${site}:${account}:auto-backup:*`);
  const databases = sites.map((site) => `arn:aws:rds:${site}:${account}:db:*`);
  return [
    allow(["rds:DescribeDBInstanceAutomatedBackups"], [...kept, ...databases]),
    allow(["rds:ListTagsForResource"], kept),
  ];
};

/**
 * Into this region, of any database of the fleet; what has arrived stays, whatever is stopped. AWS does not say that this region sees tags
 * of databases in others, so there is no condition on them.
 */
const shipping = (
  { databases, keys }: Pick<ReturnType<typeof databaseArns>, "databases" | "keys">,
  region: string,
  account: string,
) => {
  const kept = `arn:aws:rds:${region}:${account}:auto-backup:*`;
  const start = "rds:StartDBInstanceAutomatedBackupsReplication";
  const stop = "rds:StopDBInstanceAutomatedBackupsReplication";
  const elsewhere = databases.filter((arn) => arn.split(":")[3] !== region);
  return [
    allow([start, stop], [...elsewhere, kept]),
    allow(["rds:AddTagsToResource"], [kept]),
    // RDS uses the database's key there and the one of the backups here for the caller.
    allow(["kms:CreateGrant", "kms:DescribeKey"], keys, {
      StringLike: { "kms:ViaService": "rds.*.amazonaws.com" },
    }),
  ];
};

const copying = (sites: readonly string[], region: string, account: string) => [
  allow(
    ["rds:CopyDBSnapshot"],
    sites.map((site) => `arn:aws:rds:${site}:${account}:snapshot:sla-*`),
  ),
  allow(["rds:AddTagsToResource"], [`arn:aws:rds:${region}:${account}:snapshot:sla-*`]),
  // An option group goes with a snapshot that has one.
  allow(["rds:CopyDBSnapshot"], [`arn:aws:rds:${region}:${account}:og:*`]),
  allow(
    ["kms:CreateGrant", "kms:DescribeKey", "kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext"],
    sites.map((site) => `arn:aws:kms:${site}:${account}:key/*`),
    { StringLike: { "kms:ViaService": "rds.*.amazonaws.com" } },
  ),
];
