import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../postgres/run-as.ts";

export interface MariadbBinaries {
  readonly server: string;
  readonly installDb: string;
  readonly client: string;
  /** Says what is in files of the binary log. */
  readonly logReader: string;
  /** `10.11.19` */
  readonly version: string;
}

const DIRECTORIES = [
  ...(process.env["PATH"] ?? "").split(":").filter((each) => each.startsWith("/")),
  ...["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"],
];

/** What a machine lacks, in words; the local cloud goes on without. */
export const WITHOUT_MARIADB =
  "no mariadbd on this machine (Debian: apt-get install mariadb-server)";

let found: Promise<MariadbBinaries | undefined> | undefined;

/** MariaDB as the machine has it, which npm does not bring; undefined: it has none. */
export async function mariadbBinaries(): Promise<MariadbBinaries | undefined> {
  found ??= find();
  return found;
}

async function find(): Promise<MariadbBinaries | undefined> {
  const [server, installDb, client, logReader] = await Promise.all(
    ["mariadbd", "mariadb-install-db", "mariadb", "mariadb-binlog"].map(programIn),
  );
  if (!(server && installDb && client && logReader)) return undefined;
  const [, version] = /Ver (\d+\.\d+\.\d+)-MariaDB/.exec(await run(server, ["--version"])) ?? [];
  return version === undefined ? undefined : { server, installDb, client, logReader, version };
}

async function programIn(name: string) {
  for (const directory of DIRECTORIES) {
    const path = join(directory, name);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}
