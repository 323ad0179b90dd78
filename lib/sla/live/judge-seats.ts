import type { Tags } from "../backups/catalogue.ts";
import { isRegional } from "../clusters.ts";
import { DATABASE_TAGS, isKept, mayGo } from "../database-tags.ts";
import { traitsOf } from "../engine.ts";
import { titled, versionGap } from "../engine-versions.ts";
import { type Instance, parameterGroupOf, type Site } from "../fleet.ts";
import type { Plan } from "../plan.ts";
import { type Finding, findingsOf } from "./finding.ts";

/** A database as RDS describes it. */
export interface SeatLook {
  readonly id: string;
  readonly arn: string;
  readonly status: string;
  /** Of an Aurora global database; absent: an instance. */
  readonly isCluster?: true;
  /** Of a replica: ARN where its source is in another region. */
  readonly replicaOf?: string;
  readonly replication?: string;
  readonly instanceClass: string;
  readonly multiAz: boolean;
  readonly encrypted: boolean;
  readonly deletionProtection: boolean;
  readonly retentionDays: number;
  readonly groups: readonly string[];
  readonly parameterGroup?: string;
  /** `10.11.8`; of a cluster nobody compares it. */
  readonly version?: string;
  readonly tags: Tags;
}

/** Where an instance lives now, by its roles, and what is there. */
export interface SeatsLook {
  readonly primary: {
    readonly region: string;
    readonly database: string;
    readonly look?: SeatLook;
  };
  /** Absent: nobody stands by. */
  readonly standby?: {
    readonly region: string;
    readonly database: string;
    readonly look?: SeatLook;
  };
}

interface Judged {
  readonly instance: Instance;
  readonly plan: Plan;
  readonly sites: Readonly<Record<string, Site>>;
  /** Permissions of so large a fleet go by the tags of its databases. */
  readonly byTag: boolean;
}

/** What its databases lack, or have drifted to. Sites are the fleet's; roles say which databases they are. */
export function judgeSeats(judged: Judged, { primary, standby }: SeatsLook): readonly Finding[] {
  const { id } = judged.instance;
  const { broken } = databasesOf(id);
  const isAlone = standby === undefined && judged.instance.standby !== undefined;
  const mend = `npx sla reprotect ${id} --reason 'nobody stands by'`;
  return [
    ...(primary.look ? primaryFindings(judged, primary.region, primary.look) : [gone(id, primary)]),
    ...(standby && !standby.look ? [standbyGone(judged.instance, standby)] : []),
    ...(standby?.look && primary.look
      ? standbyFindings(judged, standby.region, standby.look, {
          ...primary.look,
          region: primary.region,
        })
      : []),
    ...(isAlone ? [broken({ of: "standby", says: "nobody stands by", mend })] : []),
  ];
}

const databasesOf = (about: string) => findingsOf({ area: "databases", about });

const gone = (id: string, { region, database }: SeatsLook["primary"]) =>
  databasesOf(id).broken({
    of: `presence of ${database}`,
    says: `${region} has no database ${database}, which its roles call primary`,
    mend: "npx sla status",
  });

const standbyGone = (
  { id, database: { engine } }: Instance,
  { region, database }: NonNullable<SeatsLook["standby"]>,
) =>
  databasesOf(id).broken({
    of: `presence of ${database}`,
    says: `${region} has no database ${database}, which its roles call standby`,
    mend: traitsOf(engine).isCluster
      ? `add a cluster of that name to the global database in ${region}: RDS makes it follow`
      : `npx sla reprotect ${id} --drop-standby --reason 'it is gone'`,
  });

const modifyOf = (region: string, { id, isCluster }: SeatLook) => {
  const kind = isCluster ? "db-cluster" : "db-instance";
  return `aws --region ${region} rds modify-${kind} --${kind}-identifier ${id} --apply-immediately`;
};

/** One way of a database to be wrong. */
interface Fault {
  readonly applies: boolean;
  readonly weight: Finding["weight"];
  /** Of which of its properties. */
  readonly what: string;
  readonly says: string;
  readonly mend?: string;
}

const told = (about: string, look: SeatLook, faults: readonly Fault[]): readonly Finding[] =>
  faults.flatMap(({ applies, weight, what, ...said }) =>
    applies ? [databasesOf(about)[weight]({ of: `${what} of ${look.id}`, ...said })] : [],
  );

function primaryFindings(judged: Judged, region: string, look: SeatLook): readonly Finding[] {
  const { instance, plan, sites } = judged;
  const { id } = look;
  const quarantine = sites[region]?.quarantineGroup ?? "";
  const own: readonly Fault[] = [
    {
      ...{ applies: look.replicaOf !== undefined, weight: "broken", what: "role" },
      says: `${id} is a replica of ${look.replicaOf}, its roles call it primary`,
      mend: "npx sla status",
    },
    {
      applies: (plan.multiAz.required || isRegional(instance)) && !look.multiAz,
      ...{ weight: "broken", what: "live copy" },
      says: look.isCluster
        ? `${id} has one member, from which nobody takes over: add another`
        : `${id} is in one zone; its plan promises a live copy`,
      ...(!look.isCluster && { mend: `${modifyOf(region, look)} --multi-az` }),
    },
    {
      ...{ applies: look.groups.includes(quarantine), weight: "broken", what: "quarantine" },
      says: `${id} serves in quarantine (${quarantine})`,
      mend: "npx sla status",
    },
    {
      applies: !look.encrypted && plan.encryption?.atRest === true,
      ...{ weight: "broken", what: "encryption" },
      says: `${id} is not encrypted, which its plan promises; it cannot be in place: copy a snapshot with --kms-key-id, restore that, move the name`,
    },
  ];
  return [...told(instance.id, look, own), ...commonFindings(judged, region, look)];
}

interface Primary extends SeatLook {
  readonly region: string;
}

/** It follows by the log: an older one may stop at what it does not know, and is what would take over. */
function versionFault(
  { instance: { database } }: Judged,
  region: string,
  look: SeatLook,
  primary: Primary,
): readonly Fault[] {
  const { engine } = database;
  const gap = versionGap(engine, look.version, primary.version);
  if (!gap) return [];
  const versions = `${look.id} runs ${titled(engine, look.version)}, its primary ${primary.version}`;
  const force = gap.isSeries ? " --allow-major-version-upgrade" : "";
  const upgrade = (where: string, one: SeatLook, to = "") =>
    `${modifyOf(where, one)} --engine-version ${to}${force}`;
  const isOlder = gap.is === "older";
  return [
    {
      ...{ applies: true, what: "version" },
      weight: isOlder && gap.isSeries ? "broken" : "risk",
      says: isOlder
        ? `${versions}: it may stop at what that writes, and would take over with that`
        : `${versions}: its taking over would be an upgrade, which nobody takes back`,
      mend: isOlder
        ? upgrade(region, look, primary.version)
        : upgrade(primary.region, primary, look.version),
    },
  ];
}

function standbyFindings(
  judged: Judged,
  region: string,
  look: SeatLook,
  primary: Primary,
): readonly Finding[] {
  const about = judged.instance.id;
  const { id, replicaOf, replication } = look;
  // What follows whom within a global database is a matter of RDS and of whoever made it.
  const drop = look.isCluster
    ? {}
    : { mend: `npx sla reprotect ${about} --drop-standby --reason '…'` };
  const own: readonly Fault[] = [
    {
      ...{ applies: replicaOf !== primary.arn, weight: "broken", what: "source" },
      says: `${id} follows ${replicaOf ?? "nobody"}, not ${primary.id}`,
      ...drop,
    },
    {
      applies: replicaOf !== undefined && replication !== "replicating",
      ...{ weight: "broken", what: "replication" },
      says: `${id} is ${replication ?? "not following"}`,
      ...drop,
    },
    {
      applies: !look.isCluster && !mayGo(look.tags) && replicaOf === primary.arn,
      ...{ weight: "risk", what: "standby tag" },
      says: `${id} has no tag ${DATABASE_TAGS.standby}: were it to fill its primary's storage, nothing would give it up`,
      mend: `npx sla adopt ${about}`,
    },
    {
      applies: look.instanceClass !== primary.instanceClass,
      ...{ weight: "risk", what: "class" },
      says: `${id} is ${look.instanceClass}, the primary ${primary.instanceClass}: it would take over with that`,
      mend: `${modifyOf(region, look)} --db-instance-class ${primary.instanceClass}`,
    },
    ...versionFault(judged, region, look, primary),
  ];
  return [...told(about, look, own), ...commonFindings(judged, region, look)];
}

/** Of whoever serves, or may from one minute to the next. */
function commonFindings(judged: Judged, region: string, look: SeatLook): readonly Finding[] {
  const { id, parameterGroup } = look;
  const site = judged.sites[region];
  const modify = modifyOf(region, look);
  const group = site?.securityGroup;
  const parameters = site && parameterGroupOf(site, judged.instance.database.engine);
  return told(judged.instance.id, look, [
    {
      ...{ applies: look.retentionDays <= 0, weight: "broken", what: "backups" },
      says: `${id} keeps no backups: it can have no replica. On a primary switching them on is a short outage, on a replica it is none`,
      mend: `${modify} --backup-retention-period 7`,
    },
    {
      applies: group !== undefined && !look.groups.includes(group),
      ...{ weight: "broken", what: "security group" },
      says: `${id} is not in ${group}, by which the functions that watch it reach it`,
      mend: `${modify} --vpc-security-group-ids ${[...look.groups, group].join(" ")}`,
    },
    {
      applies: parameters !== undefined && parameterGroup !== parameters,
      ...{ weight: "risk", what: "parameter group" },
      says: `${id} runs with ${parameterGroup ?? "no parameter group"}, the fleet says ${parameters}; it takes a reboot`,
      mend: `${modify} --db-parameter-group-name ${parameters}`,
    },
    {
      ...{
        applies: judged.byTag && !look.isCluster && !isKept(look.tags),
        weight: "broken",
        what: "tag",
      },
      says: `${id} has no tag ${DATABASE_TAGS.kept}, by which functions of so large a fleet may act on it: it is neither fenced nor promoted`,
      mend: `npx sla adopt ${judged.instance.id}`,
    },
    {
      ...{ applies: !look.deletionProtection, weight: "risk", what: "protection" },
      says: `nothing protects ${id} from deletion`,
      mend: `${modify} --deletion-protection`,
    },
  ]);
}
