import { randomBytes } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Binaries } from "./binaries.ts";
import { cached } from "./cache.ts";
import { giveAway, makePrivateDirectory, run } from "./run-as.ts";

/** The superuser of every server; as on RDS, not the one customers get. */
export const ADMIN = "rdsadmin";

/** WAL in a file: small ones make copies of an empty database small. */
const WAL_SEGMENT_MB = 4;
const PASSWORD_FILE = "admin-password";

export interface Template {
  readonly directory: string;
  /** Of `ADMIN`, in every server made from it. */
  readonly adminPassword: string;
}

let made: Promise<Template> | undefined;

/** An initialized, never started data directory: `initdb` takes a second, a copy of it a tenth. */
export function template(binaries: Binaries): Promise<Template> {
  made ??= make(binaries);
  return made;
}

async function make({ initdb, version }: Binaries): Promise<Template> {
  const directory = await cached({
    name: `template-${version}-${WAL_SEGMENT_MB}`,
    proof: [PASSWORD_FILE, "data/PG_VERSION", "data/global/pg_control"],
    make: (beside) => initialize(initdb, beside),
  });
  const adminPassword = await readFile(join(directory, PASSWORD_FILE), "utf8");
  return { directory: join(directory, "data"), adminPassword };
}

async function initialize(initdb: string, directory: string): Promise<void> {
  const [data, password] = [join(directory, "data"), join(directory, PASSWORD_FILE)];
  await makePrivateDirectory(data);
  await writeFile(password, randomBytes(24).toString("base64url"), { mode: 0o600 });
  await giveAway(password);
  await run(initdb, [
    `--pgdata=${data}`,
    `--username=${ADMIN}`,
    `--pwfile=${password}`,
    `--wal-segsize=${WAL_SEGMENT_MB}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
    "--no-instructions",
  ]);
}

/** Makes `directory` an initialized data directory. */
export async function copyTemplate({ directory: source }: Template, directory: string) {
  await rm(directory, { recursive: true, force: true });
  await makePrivateDirectory(directory);
  // By whoever owns the files, so that the copy is theirs too.
  await run("cp", ["-R", "-p", `${source}/.`, directory]);
}
