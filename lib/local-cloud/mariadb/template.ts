import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cached } from "../postgres/cache.ts";
import {
  environment,
  giveAway,
  lastLines,
  makePrivateDirectory,
  run,
  runAs,
} from "../postgres/run-as.ts";
import type { MariadbBinaries } from "./binaries.ts";

/** Who may everything on every server; as on RDS, not the one customers get. */
export const ADMIN = "rdsadmin";
/** As whom replicas fetch the log, with the same password. */
export const REPLICATOR = "rdsrepladmin";
/** Small ones make copies of an empty database small. */
const LOG_SIZE = "--innodb-log-file-size=8M";
const PASSWORD_FILE = "admin-password";

export interface MariadbTemplate {
  readonly directory: string;
  /** Of `ADMIN`, in every server made from it. */
  readonly adminPassword: string;
}

let made: Promise<MariadbTemplate> | undefined;

/** An initialized data directory without a binary log, which begins with whatever is done to a copy. */
export function mariadbTemplate(binaries: MariadbBinaries): Promise<MariadbTemplate> {
  made ??= make(binaries);
  return made;
}

async function make(binaries: MariadbBinaries): Promise<MariadbTemplate> {
  const directory = await cached({
    name: `mariadb-${binaries.version}-1`,
    proof: [PASSWORD_FILE, "data/ibdata1", "data/mysql/proc.frm"],
    make: (beside) => initialize(binaries, beside),
  });
  const adminPassword = await readFile(join(directory, PASSWORD_FILE), "utf8");
  return { directory: join(directory, "data"), adminPassword };
}

async function initialize(binaries: MariadbBinaries, directory: string): Promise<void> {
  const [data, file] = [join(directory, "data"), join(directory, PASSWORD_FILE)];
  const password = randomBytes(24).toString("base64url");
  await makePrivateDirectory(data);
  await writeFile(file, password, { mode: 0o600 });
  await giveAway(file);
  await run(binaries.installDb, [
    "--no-defaults",
    `--datadir=${data}`,
    "--auth-root-authentication-method=normal",
    "--skip-test-db",
    "--skip-name-resolve",
    LOG_SIZE,
  ]);
  await bootstrap(binaries, data, firstStatements(password));
}

/** Roles as on RDS, and the procedure by which its masters end sessions: they may not end them themselves. */
const firstStatements = (password: string) => [
  "delete from mysql.global_priv where user in ('root', '')",
  "flush privileges",
  `create user '${ADMIN}'@'%' identified by '${password}'`,
  `grant all privileges on *.* to '${ADMIN}'@'%' with grant option`,
  `create user '${REPLICATOR}'@'%' identified by '${password}'`,
  `grant replication slave on *.* to '${REPLICATOR}'@'%'`,
  `create definer='${ADMIN}'@'%' procedure mysql.rds_kill(in thread bigint) sql security definer kill thread`,
];

function bootstrap(
  { server }: MariadbBinaries,
  data: string,
  statements: readonly string[],
): Promise<void> {
  return new Promise((done, fail) => {
    const args = ["--no-defaults", "--bootstrap", `--datadir=${data}`, LOG_SIZE];
    const child = spawn(server, args, {
      ...{ cwd: "/", env: environment, ...runAs },
      stdio: ["pipe", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    const failed = (why: string) => fail(new Error(`${server}: ${why}${lastLines(said)}`));
    child.once("error", (error) => failed(error.message));
    child.once("close", (code) => {
      if (code === 0 && !/^ERROR/m.test(said)) done();
      else failed(`exit code ${code}`);
    });
    child.stdin.on("error", () => undefined).end(statements.map((each) => `${each};\n`).join(""));
  });
}

/** Makes `directory` an initialized data directory. */
export async function copyMariadbTemplate(
  { directory: source }: MariadbTemplate,
  directory: string,
): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await makePrivateDirectory(directory);
  await run("cp", ["-R", "-p", `${source}/.`, directory]);
}
