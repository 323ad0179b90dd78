import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Debian's package of a program; elsewhere they have similar names. */
const PACKAGES: Readonly<Record<string, string>> = {
  aws: "awscli",
  curl: "curl",
  mariadb: "mariadb-client",
  "mariadb-dump": "mariadb-client",
  openssl: "openssl",
  pg_dump: "postgresql-client-15",
  pg_restore: "postgresql-client-15",
  psql: "postgresql-client-15",
  sftp: "openssh-client",
};

/** The file a program's name leads to. @throws Error naming the package to install */
export function programOf(name: string, path = process.env["PATH"] ?? ""): string {
  if (name.includes("/")) return name;
  const found = path
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(`exec: "${name}": executable file not found in $PATH: ${remedy(name)}`);
}

/** What to do about a shell that did not find a program, by what it said last. */
export function remedyFor(said: string): string | undefined {
  const name = Object.keys(PACKAGES).find((program) =>
    new RegExp(`\\b${program}\\b.*not found`).test(said),
  );
  return name === undefined ? undefined : `${said.trim()}: ${remedy(name)}`;
}

function remedy(name: string): string {
  const debian = PACKAGES[name];
  const how = debian === undefined ? "" : ` (Debian: apt-get install ${debian})`;
  return `containers run as programs of this machine, install ${name}${how}`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
