import { StartDBInstanceAutomatedBackupsReplicationCommand } from "@aws-sdk/client-rds";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { mariadbBinaries, WITHOUT_MARIADB } from "../../../lib/local-cloud/mariadb/binaries.ts";
import { automatedOf } from "./automated.ts";
import { backupsOf, WITHIN } from "./backups.ts";
import { type Cloud, HOME, STANDBY, startCloud } from "./cloud.ts";

const hasMariadb = (await mariadbBinaries()) !== undefined;
if (!hasMariadb) console.log(`backups of MariaDB: skipped, ${WITHOUT_MARIADB}`);

describe.skipIf(!hasMariadb)("backups of MariaDB", { timeout: 180_000 }, () => {
  let cloud: Cloud;
  let backups: ReturnType<typeof backupsOf>;
  let automated: ReturnType<typeof automatedOf>;

  beforeAll(async () => {
    cloud = await startCloud({ keepsBackups: true });
    [backups, automated] = [backupsOf(cloud), automatedOf(cloud)];
    await backups.create("acme-db", {
      ...{ Engine: "mariadb", MasterUsername: "admin", DBName: "shop" },
      BackupRetentionPeriod: 7,
    });
    await ask("create table shop.notes (id int primary key, words text)");
    await note(1);
  }, 180_000);
  afterAll(() => cloud.close());

  const ask = (text: string, id = "acme-db", region = HOME) =>
    cloud.rds.adminQuery(region, id, text);
  const note = (id: number) => ask(`insert into shop.notes values (${id}, 'words')`);
  const notes = async (id: string, region = HOME) =>
    (await ask("select id from shop.notes order by id", id, region)).map((row) => row["id"]);

  it("are snapshots: what was acknowledged is in them, and what came later is not", async () => {
    const before = new Date();
    const taken = await backups.take("acme-db", "one");
    await note(2);
    expect(taken).toMatchObject({ Engine: "mariadb", Status: "available" });
    expect(Number(taken.SnapshotDatabaseTime)).toBeGreaterThanOrEqual(Number(before));
    await backups.restore(HOME, "one", "acme-again");
    await cloud.rds.settled(HOME, "acme-again");
    expect(await notes("acme-again")).toEqual([1]);
    expect(await backups.instance(HOME, "acme-again")).toMatchObject({
      ...{ Engine: "mariadb", MasterUsername: "admin", DBInstanceStatus: "available" },
      DBParameterGroups: [
        { DBParameterGroupName: expect.stringMatching(/^default\.mariadb\d+\.\d+$/) },
      ],
    });
  });

  it("are copied to another region and restored there, while the original is gone", async () => {
    const copied = await backups.copy(STANDBY, await backups.snapshot(HOME, "one"), "one-away");
    await backups.becomes(STANDBY, "one-away", "available");
    expect(copied).toMatchObject({ Engine: "mariadb" });
    await backups.restore(STANDBY, "one-away", "acme-away");
    await cloud.rds.settled(STANDBY, "acme-away");
    expect(await notes("acme-away", STANDBY)).toEqual([1]);
    await ask("insert into shop.notes values (9, 'its own')", "acme-away", STANDBY);
  });

  it("are taken of a server that hangs, which goes on hanging", async () => {
    cloud.rds.pause(HOME, "acme-db");
    await backups.take("acme-db", "of-hanging");
    const answer = note(3).then(() => "answered");
    const soon = new Promise((done) => setTimeout(done, 300, "hangs"));
    expect(await Promise.race([answer, soon])).toBe("hangs");
    cloud.rds.resume(HOME, "acme-db");
    expect(await answer).toBe("answered");
  });

  it("lead to any second since the first of them, with what was acknowledged before it", async () => {
    await note(4);
    await nextSecond();
    const between = new Date();
    await ask("drop table shop.notes");
    await vi.waitFor(async () => {
      const { LatestRestorableTime } = await backups.instance(HOME, "acme-db");
      expect(Number(LatestRestorableTime ?? 0)).toBeGreaterThan(Number(between));
    }, WITHIN);
    await automated.restore("acme-then", {
      ...{ SourceDBInstanceIdentifier: "acme-db", RestoreTime: between },
    });
    expect(await notes("acme-then")).toEqual([1, 2, 3, 4]);
    await automated.restore("acme-now", {
      ...{ SourceDBInstanceIdentifier: "acme-db", UseLatestRestorableTime: true },
    });
    await expect(notes("acme-now")).rejects.toThrow(/doesn't exist/);
  });

  it("are replicated to another region and restored there", async () => {
    const { DBInstanceArn } = await backups.instance(HOME, "acme-db");
    await cloud.client(STANDBY).send(
      new StartDBInstanceAutomatedBackupsReplicationCommand({
        SourceDBInstanceArn: DBInstanceArn,
      }),
    );
    await ask("create table shop.late (id int primary key)");
    await ask("insert into shop.late values (1)");
    await nextSecond();
    const since = new Date();
    const away = await vi.waitFor(async () => {
      const found = await automated.automated({ DBInstanceIdentifier: "acme-db" }, STANDBY);
      expect(Number(found[0]?.RestoreWindow?.LatestTime ?? 0)).toBeGreaterThan(Number(since));
      return found[0];
    }, WITHIN);
    expect(away).toMatchObject({ Engine: "mariadb", Status: "replicating" });
    await automated.restore(
      "acme-far",
      {
        SourceDBInstanceAutomatedBackupsArn: away?.DBInstanceAutomatedBackupsArn,
        UseLatestRestorableTime: true,
      },
      STANDBY,
    );
    expect(await ask("select id from shop.late", "acme-far", STANDBY)).toEqual([{ id: 1 }]);
  });
});

/** Restores know whole seconds. */
const nextSecond = () => new Promise((done) => setTimeout(done, 1000 - (Date.now() % 1000)));
