import { ENGINES, type Engine } from "./engine.ts";

/** Engines of which dumps are made: those that are no clusters. */
export type DumpedEngine = {
  [Name in Engine]: (typeof ENGINES)[Name]["isCluster"] extends true ? never : Name;
}[Engine];

/** Of the server that was dumped, and of the program that did it. */
export interface DumpVersions {
  readonly server: string;
  readonly dumpedBy: string;
}

/** What a dump was made of and with, by the name of the engine: exactly one of them is there. */
export type DumpedWith = { readonly [Name in DumpedEngine]?: DumpVersions };

interface DumpFormat {
  /** What dumps are called behind the last dot of their stem. */
  readonly suffix: string;
  /** As programs are told it. */
  readonly format: string;
  /** What a shell is told, anywhere. */
  restore(file: string, database: string): readonly string[];
  /** What has to be there for that. */
  needs(versions: DumpVersions): string;
}

/** `10.11.19-MariaDB-log` → `10.11` */
const seriesOf = (version: string): string => /^\d+\.\d+/.exec(version)?.[0] ?? version;

/** One text of SQL for all databases of a server: it makes them itself. */
const sql = (engine: "mariadb" | "mysql", program: string): DumpFormat => ({
  suffix: "sql.gz",
  format: `${program} | gzip`,
  restore: (file) => [`gunzip -c ${file} | ${engine}`],
  needs: ({ server }) => `${ENGINES[engine].title} ${seriesOf(server)} or newer and its client`,
});

export const DUMP_FORMATS: Readonly<Record<DumpedEngine, DumpFormat>> = {
  postgres: {
    ...{ suffix: "dump", format: "pg_dump -Fc" },
    restore: (file, database) => [
      `createdb '${database}'`,
      `pg_restore --no-owner --no-privileges --exit-on-error -d '${database}' ${file}`,
    ],
    needs: ({ dumpedBy }) => `pg_restore ${dumpedBy.split(".")[0]} or newer`,
  },
  mariadb: sql("mariadb", "mariadb-dump"),
  mysql: sql("mysql", "mysqldump"),
};

export const DUMPED_NAMES = Object.keys(DUMP_FORMATS) as readonly DumpedEngine[];

export const isDumped = (engine: Engine): engine is DumpedEngine =>
  Object.hasOwn(DUMP_FORMATS, engine);

/** Of which engines these instances' dumps are, each once; where there is none yet, of PostgreSQL. */
export function dumpedEngines(
  instances: readonly { readonly database: { readonly engine?: Engine } }[],
): readonly DumpedEngine[] {
  const there = new Set(instances.map(({ database }) => database.engine ?? "postgres"));
  const dumped = DUMPED_NAMES.filter((name) => there.has(name));
  return dumped.length === 0 ? ["postgres"] : dumped;
}

interface Dumped extends DumpVersions, DumpFormat {
  readonly engine: DumpedEngine;
  /** As people write it. */
  readonly title: string;
}

/** How a dump is restored and what it is of, by what is written beside it. @throws RangeError if that names no engine */
export function dumpOf(written: DumpedWith): Dumped {
  for (const engine of DUMPED_NAMES) {
    const versions = written[engine];
    if (versions) {
      return { ...DUMP_FORMATS[engine], ...versions, engine, title: ENGINES[engine].title };
    }
  }
  throw new RangeError(`a dump of no engine: expected one of ${DUMPED_NAMES.join(", ")}`);
}

/** Only that of something that is more. */
export const dumpedWith = (written: DumpedWith): DumpedWith => {
  const { engine, server, dumpedBy } = dumpOf(written);
  return { [engine]: { server, dumpedBy } };
};
