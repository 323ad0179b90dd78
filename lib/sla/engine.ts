/** What differs between the engines of RDS, as far as promises go. */
interface EngineTraits {
  /** As people write it. */
  readonly title: string;
  /** At which the groups of every site let somebody in. */
  readonly port: number;
  /** Whether a promotion takes over what the standby has received and not applied yet; else that is lost by it. */
  readonly promotesAllReceived: boolean;
  /** Whether rows that an old primary took are looked for, which its login has to be allowed to read. */
  readonly findsRows: boolean;
  /** Whether the machinery has been run against a real server of it. */
  readonly isRehearsed: boolean;
  /** Whether its databases are clusters: RDS itself moves the writer, and makes what wrote before a follower of it. */
  readonly isCluster: boolean;
  /** Whether members of a cluster share one storage: any of them may take over, and clusters of several regions make a global database. */
  readonly sharesStorage: boolean;
  /** What is built for it, besides watching, fencing, failing over and getting a new standby. */
  readonly built: readonly Built[];
}

/**
 * `adopt`: living databases made ready, and left again. `backups`: taken, copied, rotated, proven by restoring. `dumps`: frozen copies, downloads, deliveries. `recover`: back from a backup
 * or from logs. `drop-standby`: one that fills its primary is given up by itself. `drill`: deployed on the local cloud.
 */
export type Built = (typeof ALL_BUILT)[number];

export const ALL_BUILT = ["adopt", "backups", "dumps", "recover", "drop-standby", "drill"] as const;

export const ENGINES = {
  postgres: {
    ...{ title: "PostgreSQL", port: 5432 },
    ...{
      promotesAllReceived: true,
      findsRows: true,
      isRehearsed: true,
      isCluster: false,
      sharesStorage: false,
    },
    built: ALL_BUILT,
  },
  mariadb: {
    ...{ title: "MariaDB", port: 3306 },
    ...{
      promotesAllReceived: false,
      findsRows: false,
      isRehearsed: true,
      isCluster: false,
      sharesStorage: false,
    },
    built: ["adopt", "backups", "dumps", "recover", "drill"],
  },
  mysql: {
    ...{ title: "MySQL", port: 3306 },
    ...{
      promotesAllReceived: false,
      findsRows: false,
      isRehearsed: false,
      isCluster: false,
      sharesStorage: false,
    },
    built: ["adopt", "backups", "dumps", "recover"],
  },
  "aurora-postgresql": {
    ...{ title: "Aurora PostgreSQL", port: 5432 },
    ...{
      promotesAllReceived: true,
      findsRows: false,
      isRehearsed: false,
      isCluster: true,
      sharesStorage: true,
    },
    built: [],
  },
  "aurora-mysql": {
    ...{ title: "Aurora MySQL", port: 3306 },
    ...{
      promotesAllReceived: true,
      findsRows: false,
      isRehearsed: false,
      isCluster: true,
      sharesStorage: true,
    },
    built: [],
  },
  /** A Multi-AZ DB cluster of RDS for PostgreSQL: one writes, two readable standbys. */
  "postgres-cluster": {
    ...{ title: "PostgreSQL in a Multi-AZ DB cluster", port: 5432 },
    ...{
      promotesAllReceived: true,
      findsRows: false,
      isRehearsed: false,
      isCluster: true,
      sharesStorage: false,
    },
    built: [],
  },
} as const satisfies Record<string, EngineTraits>;

export type Engine = keyof typeof ENGINES;

export const ENGINE_NAMES = [
  "postgres",
  "mariadb",
  "mysql",
  "aurora-postgresql",
  "aurora-mysql",
  "postgres-cluster",
] as const satisfies readonly Engine[];

/** What an instance's database is; a fleet file that does not say means PostgreSQL. */
export const traitsOf = (engine: Engine = "postgres"): EngineTraits => ENGINES[engine];

/** Whose primaries keep files of their log for a standby, without knowing how far that is. */
export const keepsBinaryLogs = (engine: Engine | undefined): boolean =>
  engine === "mariadb" || engine === "mysql";

export const isBuiltFor = (engine: Engine | undefined, what: Built): boolean =>
  traitsOf(engine).built.includes(what);

/** Whose living databases are made ready. */
export const ADOPTED_NAMES = ENGINE_NAMES.filter((name) => isBuiltFor(name, "adopt"));

/** As RDS names it; undefined for one whose databases are not adopted. */
export const adoptedEngine = (name: string): Engine | undefined =>
  ADOPTED_NAMES.find((each) => each === name);

/** At which databases are reached, each once; where there is none yet, at PostgreSQL's. */
export function portsOf(
  instances: readonly { readonly database: { readonly engine?: Engine } }[],
): readonly number[] {
  const ports = instances.map(({ database }) => traitsOf(database.engine).port);
  return [...new Set(ports.length === 0 ? [ENGINES.postgres.port] : ports)].toSorted(
    (a, b) => a - b,
  );
}
