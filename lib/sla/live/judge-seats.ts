import type { Tags } from "../backups/catalogue.ts";
import { DATABASE_TAGS, isKept, mayGo } from "../database-tags.ts";
import { type Instance, parameterGroupOf, type Site } from "../fleet.ts";
import type { Plan } from "../plan.ts";
import { broken, type Finding, risk } from "./finding.ts";

/** A database as RDS describes it. */
export interface SeatLook {
  readonly id: string;
  readonly arn: string;
  readonly status: string;
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
  const missing = [primary, ...(standby ? [standby] : [])].filter(({ look }) => !look);
  return [
    ...missing.map(({ region, database }) =>
      database === primary.database
        ? broken(
            id,
            `${region} has no database ${database}, which its roles call primary`,
            `npx sla status`,
          )
        : broken(
            id,
            `${region} has no database ${database}, which its roles call standby`,
            `npx sla reprotect ${id} --drop-standby --reason 'it is gone'`,
          ),
    ),
    ...(primary.look ? primaryFindings(judged, primary.region, primary.look) : []),
    ...(standby?.look && primary.look
      ? standbyFindings(judged, standby.region, standby.look, primary.look)
      : []),
    ...(standby || judged.instance.standby === undefined
      ? []
      : [broken(id, "nobody stands by", `npx sla reprotect ${id} --reason 'nobody stands by'`)]),
  ];
}

const modifyOf = (region: string, { id }: SeatLook) =>
  `aws --region ${region} rds modify-db-instance --db-instance-identifier ${id} --apply-immediately`;

function primaryFindings(judged: Judged, region: string, look: SeatLook): readonly Finding[] {
  const { instance, plan, sites } = judged;
  const { id } = instance;
  const modify = modifyOf(region, look);
  const quarantine = sites[region]?.quarantineGroup ?? "";
  return [
    ...(look.replicaOf === undefined
      ? []
      : [
          broken(
            id,
            `${look.id} is a replica of ${look.replicaOf}, its roles call it primary`,
            "npx sla status",
          ),
        ]),
    ...(plan.multiAz.required && !look.multiAz
      ? [
          broken(
            id,
            `${look.id} is in one zone; its plan promises a live copy`,
            `${modify} --multi-az`,
          ),
        ]
      : []),
    ...(look.groups.includes(quarantine)
      ? [broken(id, `${look.id} serves in quarantine (${quarantine})`, "npx sla status")]
      : []),
    ...(look.encrypted || plan.encryption?.atRest !== true
      ? []
      : [
          broken(
            id,
            `${look.id} is not encrypted, which its plan promises; it cannot be in place: copy a snapshot with --kms-key-id, restore that, move the name`,
          ),
        ]),
    ...commonFindings(judged, region, look),
  ];
}

function standbyFindings(
  judged: Judged,
  region: string,
  look: SeatLook,
  primary: SeatLook,
): readonly Finding[] {
  const { id } = judged.instance;
  const again = `npx sla reprotect ${id} --drop-standby --reason '…'`;
  return [
    ...(look.replicaOf === primary.arn
      ? []
      : [broken(id, `${look.id} follows ${look.replicaOf ?? "nobody"}, not ${primary.id}`, again)]),
    ...(look.replicaOf === undefined || look.replication === "replicating"
      ? []
      : [broken(id, `${look.id} is ${look.replication ?? "not following"}`, again)]),
    ...(mayGo(look.tags) || look.replicaOf !== primary.arn
      ? []
      : [
          risk(
            id,
            `${look.id} has no tag ${DATABASE_TAGS.standby}: were it to fill its primary's storage, nothing would give it up`,
            `npx sla adopt ${id}`,
          ),
        ]),
    ...(look.instanceClass === primary.instanceClass
      ? []
      : [
          risk(
            id,
            `${look.id} is ${look.instanceClass}, the primary ${primary.instanceClass}: it would take over with that`,
            `${modifyOf(region, look)} --db-instance-class ${primary.instanceClass}`,
          ),
        ]),
    ...commonFindings(judged, region, look),
  ];
}

/** Of whoever serves, or may from one minute to the next. */
function commonFindings(judged: Judged, region: string, look: SeatLook): readonly Finding[] {
  const { id } = judged.instance;
  const site = judged.sites[region];
  const modify = modifyOf(region, look);
  const group = site?.securityGroup;
  const parameters = site && parameterGroupOf(site, judged.instance.database.engine);
  return [
    ...(look.retentionDays > 0
      ? []
      : [
          broken(
            id,
            `${look.id} keeps no backups: it can have no replica. On a primary switching them on is a short outage, on a replica it is none`,
            `${modify} --backup-retention-period 7`,
          ),
        ]),
    ...(group === undefined || look.groups.includes(group)
      ? []
      : [
          broken(
            id,
            `${look.id} is not in ${group}, by which the functions that watch it reach it`,
            `${modify} --vpc-security-group-ids ${[...look.groups, group].join(" ")}`,
          ),
        ]),
    ...(parameters === undefined || look.parameterGroup === parameters
      ? []
      : [
          risk(
            id,
            `${look.id} runs with ${look.parameterGroup ?? "no parameter group"}, the fleet says ${parameters}; it takes a reboot`,
            `${modify} --db-parameter-group-name ${parameters}`,
          ),
        ]),
    ...(isKept(look.tags) || !judged.byTag
      ? []
      : [
          broken(
            id,
            `${look.id} has no tag ${DATABASE_TAGS.kept}, by which functions of so large a fleet may act on it: it is neither fenced nor promoted`,
            `npx sla adopt ${id}`,
          ),
        ]),
    ...(look.deletionProtection
      ? []
      : [risk(id, `nothing protects ${look.id} from deletion`, `${modify} --deletion-protection`)]),
  ];
}
