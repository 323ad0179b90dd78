/** What differs between the engines of RDS, as far as promises go. */
interface EngineTraits {
  /** As people write it. */
  readonly title: string;
  /** At which the groups of every site let somebody in. */
  readonly port: number;
  /** Whether a promotion takes over what the standby has received and not applied yet; else that is lost by it. */
  readonly promotesAllReceived: boolean;
  /** Whether the machinery has been run against a real server of it. */
  readonly isRehearsed: boolean;
  /** Whether backups are taken, proven, restored and dumped, and living databases adopted. */
  readonly isWhole: boolean;
}

export const ENGINES = {
  postgres: {
    ...{ title: "PostgreSQL", port: 5432 },
    ...{ promotesAllReceived: true, isRehearsed: true, isWhole: true },
  },
  mariadb: {
    ...{ title: "MariaDB", port: 3306 },
    ...{ promotesAllReceived: false, isRehearsed: true, isWhole: false },
  },
  mysql: {
    ...{ title: "MySQL", port: 3306 },
    ...{ promotesAllReceived: false, isRehearsed: false, isWhole: false },
  },
} as const satisfies Record<string, EngineTraits>;

export type Engine = keyof typeof ENGINES;

export const ENGINE_NAMES = ["postgres", "mariadb", "mysql"] as const satisfies readonly Engine[];

/** What an instance's database is; a fleet file that does not say means PostgreSQL. */
export const traitsOf = (engine: Engine = "postgres"): EngineTraits => ENGINES[engine];

/** At which databases are reached, each once; where there is none yet, at PostgreSQL's. */
export function portsOf(
  instances: readonly { readonly database: { readonly engine?: Engine } }[],
): readonly number[] {
  const ports = instances.map(({ database }) => traitsOf(database.engine).port);
  return [...new Set(ports.length === 0 ? [ENGINES.postgres.port] : ports)].toSorted(
    (a, b) => a - b,
  );
}
