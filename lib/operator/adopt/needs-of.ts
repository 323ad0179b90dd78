import { adoptedEngine, type Engine, traitsOf } from "../../sla/engine.ts";
import type { DatabaseSurvey } from "./survey.ts";

/** What stands in the way of a promise, and the command that mends it. */
export interface Need {
  readonly says: string;
  readonly mend?: string;
}

const HOUR_SECONDS = 3600;

/** What a primary lacks before it can be kept; commands change nothing until somebody runs them. */
export const needsOf = (region: string, database: DatabaseSurvey): readonly Need[] => [
  ...(database.status === "available"
    ? []
    : [{ says: `it is ${database.status} just now: look again` }]),
  ...blockersOf(region, database),
  ...adviceOf(region, database),
];

export const modifyOf = (region: string, database: string) =>
  `aws --region ${region} rds modify-db-instance --db-instance-identifier ${database} --apply-immediately`;

/** Without which it can have neither a replica nor backups. */
export function blockersOf(
  region: string,
  { id, hasManagedSecret, retentionDays }: DatabaseSurvey,
): readonly Need[] {
  const modify = modifyOf(region, id);
  return [
    ...(hasManagedSecret
      ? [
          {
            says: "RDS manages its master password: neither a replica elsewhere nor a restored copy shares it. Manage it yourself",
            mend: `${modify} --no-manage-master-user-password --master-user-password '…'`,
          },
        ]
      : []),
    ...(retentionDays > 0
      ? []
      : [
          {
            says: "its automatic backups are off, so it can have no replica and no point-in-time recovery. Switching them on is a short outage",
            mend: `${modify} --backup-retention-period 7`,
          },
        ]),
  ];
}

/** What it is worse off with. */
export function adviceOf(region: string, database: DatabaseSurvey): readonly Need[] {
  const { encrypted, deletionProtection } = database;
  return [
    ...(encrypted
      ? []
      : [
          {
            says: "its storage is not encrypted, and cannot be in place: copy a snapshot with --kms-key-id, restore that, move the name",
          },
        ]),
    ...(deletionProtection
      ? []
      : [
          {
            says: "nothing protects it from deletion",
            mend: `${modifyOf(region, database.id)} --deletion-protection`,
          },
        ]),
    ...versionNeeds(database),
  ];
}

interface Least {
  readonly version: readonly number[];
  /** What an older one cannot do. */
  readonly lacks: string;
  readonly means: string;
}

const LEAST: Readonly<Partial<Record<Engine, Least>>> = {
  // Backups of a replica, which a promoted one needs to have a replica of its own, exist from here on.
  postgres: {
    version: [14, 1],
    lacks: "keeps no backups of a replica",
    means:
      "takes no backups of a replica: what is promoted has none for its first hour, and no replica of its own",
  },
  mariadb: {
    version: [10, 5],
    lacks: "cannot say how far a replica is to who may nothing else",
    means: "is not asked here how its replicas are",
  },
  mysql: {
    version: [8, 0, 22],
    lacks: "does not understand how its replicas are asked",
    means: "is not asked here how its replicas are",
  },
};

/** What an old version lacks, with the one to upgrade to; undefined: it is new enough, or of an engine that is not kept. */
export function oldness({ engine: name, version }: Pick<DatabaseSurvey, "engine" | "version">) {
  const engine = adoptedEngine(name);
  const needed = engine && LEAST[engine];
  if (!needed) return undefined;
  const { version: least, ...said } = needed;
  const have = version.split(".").map(Number);
  const at = least.findIndex((number, index) => (have[index] ?? 0) !== number);
  const isOld = at >= 0 && (have[at] ?? 0) < (least[at] ?? 0);
  return isOld
    ? { ...said, of: `${traitsOf(engine).title} ${version}`, least: least.join(".") }
    : undefined;
}

function versionNeeds(database: DatabaseSurvey): readonly Need[] {
  const old = oldness(database);
  return old ? [{ says: `${old.of} ${old.means}; ${old.least} does` }] : [];
}

/** What a standby lacks: only set beforehand it costs no outage. */
export const standbyNeedsOf = (region: string, standby: DatabaseSurvey): readonly Need[] =>
  standby.retentionDays > 0
    ? []
    : [
        {
          says: `its standby ${standby.id} keeps no backups: after a promotion it could have no replica but by an outage`,
          mend: `aws --region ${region} rds modify-db-instance --db-instance-identifier ${standby.id} --backup-retention-period 7 --apply-immediately`,
        },
      ];

export const ttlNeedOf = (name: string, ttlSeconds: number): Need => ({
  says: `resolvers keep ${name} for ${ttlSeconds} s: lower its TTL to 60 and wait ${
    ttlSeconds >= HOUR_SECONDS ? `${Math.ceil(ttlSeconds / HOUR_SECONDS)} h` : `${ttlSeconds} s`
  } before a failover counts on it`,
});
