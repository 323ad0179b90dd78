import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { CreateDBInstanceCommand, DescribeDBSnapshotsCommand } from "@aws-sdk/client-rds";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MadeLink } from "../../functions/download/links.ts";
import { eventually } from "../../lib/drill/eventually.ts";
import type { Stage } from "../../lib/drill/stage.ts";
import { mariadbBinaries, WITHOUT_MARIADB } from "../../lib/local-cloud/mariadb/binaries.ts";
import { onStage } from "../drills/rehearsal.ts";
import { fetched } from "./fetched.ts";
import { slaIn } from "./sla.ts";

const hasMariadb = (await mariadbBinaries()) !== undefined;
if (!hasMariadb) console.log(`dumps of MariaDB: skipped, ${WITHOUT_MARIADB}`);

const PACE = 60;
const LONG = { timeout: 240_000 };
const [HOME, FAR] = ["eu-south-2", "eu-west-3"] as const;
const PASSWORD = "of-the-next-provider";
/** No more than a server counts to by itself. */
const ROWS = 900;
const run = promisify(execFile);

/** The market, whose shop is backed up and frozen in the farthest region. */
const withDumps = (market: string) =>
  market
    .replace(
      "\ninstances:",
      `
  counter:
    extends: stall
    frozen: { immutable: true }
    backups: { contents: [database], schedules: [{ every: 1d, keepNewest: 1 }] }

frozen: { account: "222222222222", region: ${FAR}, retainDays: 120 }

instances:`,
    )
    .replace("plan: stall", "plan: counter")
    .replace("    standby: eu-west-1\n", `$&    copies: [eu-west-1, ${FAR}]\n`)
    .replace(/quarantineGroup: sg-m3q\n/, "$&    parameterGroups: { mariadb: market-mariadb }\n");

describe.skipIf(!hasMariadb)("a shop on MariaDB that was sold frozen copies", () => {
  let stage: Stage;
  let fleet = "";
  let env: Readonly<Record<string, string>> = {};
  const directory = mkdtempSync(join(tmpdir(), "mariadb-dump-"));
  const sla = (...args: readonly string[]) => slaIn(env, ...args, "--fleet", fleet);

  beforeAll(async () => {
    fleet = join(directory, "fleet.yaml");
    writeFileSync(fleet, withDumps(readFileSync("test/fixtures/market-fleet.yaml", "utf8")));
    stage = await onStage(fleet, PACE);
    const { credentials } = stage.cloud.ground;
    env = {
      AWS_ENDPOINT_URL: stage.cloud.url,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      SLA_PACE: String(PACE),
    };
    // By then the cloud has settled.
    await eventually("a backup that was sold", 200_000, async () => {
      await sla("backups", "shop", "--now");
      const { DBSnapshots = [] } = await stage.estate.aws
        .rds(FAR)
        .send(new DescribeDBSnapshotsCommand({}));
      return DBSnapshots.length > 0 || undefined;
    });
  }, 300_000);
  afterAll(async () => {
    await stage?.close();
    rmSync(directory, { recursive: true });
  });

  const query = (text: string, [region, id] = [HOME, "shop-1"] as readonly [string, string]) =>
    stage.cloud.services.rds.adminQuery(region, id, text);
  const sumOf = (at?: readonly [string, string]) =>
    query("checksum table shop.written_just_now extended", at);

  it("is handed a dump of now, of which another server makes the same rows", LONG, async () => {
    await query("create table shop.written_just_now (id int primary key, what varchar(40))");
    await query(
      `insert into shop.written_just_now with recursive n(id) as (select 1 union all select id + 1 from n where id < ${ROWS}) select id, md5(id) from n`,
    );
    const { stdout, stderr, exitCode } = await sla("download", "shop", "--fresh", "--json");
    expect([exitCode, stderr]).toEqual([0, ""]);
    const made = JSON.parse(stdout) as MadeLink;
    expect(made.file).toMatch(/^shop-.*Z\.sql\.gz$/);
    expect(made.copy).toMatchObject({ database: "shop", mariadb: { server: expect.anything() } });
    const elsewhere = await nextProvider();
    const { address, port } = stage.cloud.services.rds.server(FAR, "elsewhere");
    const client = `mariadb -h ${address} -P ${port} -u admin`;
    const file = await fetched(stage, made.url, join(directory, made.file));
    const restore = `set -o pipefail; gunzip -c '${file}' | ${client}`;
    await run("bash", ["-c", restore], { env: { ...process.env, MYSQL_PWD: PASSWORD } });
    const [here, there] = [await sumOf(), await sumOf(elsewhere)];
    expect(here).toEqual([{ Table: "shop.written_just_now", Checksum: expect.any(Number) }]);
    expect(there).toEqual(here);
    const counted = await query("select count(*) as found from shop.written_just_now", elsewhere);
    expect(counted).toEqual([{ found: ROWS }]);
  });

  /** A server that nobody here has anything to do with, empty. */
  async function nextProvider() {
    await stage.estate.aws.rds(FAR).send(
      new CreateDBInstanceCommand({
        ...{ DBInstanceIdentifier: "elsewhere", DBInstanceClass: "db.t4g.micro" },
        ...{ Engine: "mariadb", MasterUsername: "admin", MasterUserPassword: PASSWORD },
        ...{ AllocatedStorage: 20, BackupRetentionPeriod: 0 },
      }),
    );
    await stage.cloud.services.rds.settled(FAR, "elsewhere");
    return [FAR, "elsewhere"] as const;
  }

  it("leaves with a last dump, which says how it is restored", LONG, async () => {
    const { stdout, stderr, exitCode } = await sla("leave", "shop", "--reason", "moves", "--yes");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/restore {2}anywhere, with MariaDB \d+\.\d+ or newer and its client:/);
    expect(stdout).toMatch(/gunzip -c shop-\S+Z\.sql\.gz \| mariadb\n/);
    expect(stdout).toContain("shop has left: nobody looks after it any more");
  });
});
