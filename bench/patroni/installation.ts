import { access, constants, glob } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { run } from "../../lib/local-cloud/postgres/run-as.ts";

/** Where Debian put what a Patroni cluster needs. */
export interface Installation {
  readonly patroni: string;
  readonly etcd: string;
  /** Directory of PostgreSQL's programs, newest version. */
  readonly binDirectory: string;
  /** `patroni 3.0.2` */
  readonly version: string;
}

export const NOT_INSTALLED =
  "Patroni: not installed here; to compare with it: " +
  "apt-get install patroni python3-etcd etcd-server postgresql";

/** Undefined if any part is missing. */
export async function findPatroni(): Promise<Installation | undefined> {
  const [patroni, etcd, binDirectory] = await Promise.all([
    onPath("patroni"),
    onPath("etcd"),
    postgresPrograms(),
  ]);
  if (!(patroni && etcd && binDirectory)) return undefined;
  return { patroni, etcd, binDirectory, version: (await run(patroni, ["--version"])).trim() };
}

async function onPath(program: string): Promise<string | undefined> {
  const directories = (process.env["PATH"] ?? "").split(delimiter).filter(Boolean);
  return firstExecutable(directories.map((directory) => join(directory, program)));
}

/** Patroni also needs pg_basebackup and pg_rewind, which the npm packages lack. */
async function postgresPrograms(): Promise<string | undefined> {
  const found = await Array.fromAsync(glob("/usr/lib/postgresql/*/bin/pg_basebackup"));
  const version = (path: string) => Number(path.split("/")[4]);
  const program = await firstExecutable(found.toSorted((a, b) => version(b) - version(a)));
  return program && dirname(program);
}

async function firstExecutable(candidates: readonly string[]): Promise<string | undefined> {
  for (const path of candidates) {
    const isExecutable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isExecutable) return path;
  }
  return undefined;
}
