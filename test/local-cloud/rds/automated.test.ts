import {
  CreateDBInstanceReadReplicaCommand,
  DeleteDBInstanceAutomatedBackupCommand,
  DeleteDBInstanceCommand,
  DescribeDBSnapshotsCommand,
  ModifyDBInstanceCommand,
  PromoteReadReplicaCommand,
} from "@aws-sdk/client-rds";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { automatedOf } from "./automated.ts";
import { backupsOf, WITHIN } from "./backups.ts";
import { type Cloud, HOME, STANDBY, startCloud } from "./cloud.ts";

vi.setConfig({ testTimeout: 120_000 });
let cloud: Cloud;
let backups: ReturnType<typeof backupsOf>;
let all: ReturnType<typeof automatedOf>;
beforeAll(async () => {
  // Five minutes are a second.
  cloud = await startCloud({ keepsBackups: true, pace: 300 });
  backups = backupsOf(cloud);
  all = automatedOf(cloud);
  await backups.create("acme-db", { BackupRetentionPeriod: 7 });
});
afterAll(() => cloud.close());

describe("automated backups", () => {
  it("have a window that begins with a listed snapshot and goes on while nobody writes", async () => {
    await all.reaches("acme-db", new Date());
    await all.reaches("acme-db", new Date());
    const [backup] = await all.automated({ DBInstanceIdentifier: "acme-db" });
    expect(backup).toMatchObject({
      Status: "active",
      Region: HOME,
      DBInstanceIdentifier: "acme-db",
      BackupRetentionPeriod: 7,
      RestoreWindow: { EarliestTime: expect.any(Date), LatestTime: expect.any(Date) },
      DBInstanceAutomatedBackupsArn: expect.stringMatching(
        /^arn:aws:rds:eu-central-2:111111111111:auto-backup:ab-/,
      ),
    });
    const list = new DescribeDBSnapshotsCommand({ SnapshotType: "automated" });
    const { DBSnapshots = [] } = await cloud.client(HOME).send(list);
    expect(DBSnapshots).toMatchObject([
      {
        DBSnapshotIdentifier: expect.stringMatching(/^rds:acme-db-\d{4}-\d\d-\d\d-\d\d-\d\d$/),
        Status: "available",
        SnapshotDatabaseTime: backup?.RestoreWindow?.EarliestTime,
      },
    ]);
  });

  it("are found by resource, ARN and status", async () => {
    const [{ DbiResourceId, DBInstanceAutomatedBackupsArn, DBInstanceArn = "" } = {}] =
      await all.automated();
    const filter = (Name: string, ...Values: string[]) => ({ Filters: [{ Name, Values }] });
    await expect(all.automated({ DbiResourceId })).resolves.toHaveLength(1);
    await expect(all.automated({ DBInstanceAutomatedBackupsArn })).resolves.toHaveLength(1);
    await expect(all.automated(filter("db-instance-id", DBInstanceArn))).resolves.toHaveLength(1);
    await expect(all.automated(filter("status", "active"))).resolves.toHaveLength(1);
    await expect(all.automated(filter("status", "retained"))).resolves.toEqual([]);
    await expect(all.automated({}, STANDBY)).resolves.toEqual([]);
    const unknown = { DBInstanceAutomatedBackupsArn: `${DBInstanceAutomatedBackupsArn}x` };
    await expect(all.automated(unknown)).rejects.toMatchObject({
      name: "DBInstanceAutomatedBackupNotFoundFault",
    });
  });

  it("keep snapshots that can be copied and restored, and not be deleted by hand", async () => {
    const list = new DescribeDBSnapshotsCommand({ SnapshotType: "automated" });
    const { DBSnapshots: [snapshot = {}] = [] } = await cloud.client(HOME).send(list);
    const id = snapshot.DBSnapshotIdentifier ?? "";
    await expect(backups.remove(HOME, id)).rejects.toMatchObject({
      name: "InvalidDBSnapshotStateFault",
    });
    await backups.copy(STANDBY, snapshot, "kept");
    await expect(backups.becomes(STANDBY, "kept", "available")).resolves.toMatchObject({
      SnapshotType: "manual",
      OriginalSnapshotCreateTime: snapshot.OriginalSnapshotCreateTime,
    });
  });
});

describe("a restore to a point in time", () => {
  it("brings a table back that was dropped by mistake, and nothing that was written later", async () => {
    await all.query("acme-db", "create table t as select g as id from generate_series(1, 3000) g");
    await all.query("acme-db", "insert into t values (0)");
    const before = await all.now("acme-db");
    // Milliseconds are what the API takes.
    await all.query("acme-db", "select pg_sleep(0.01)");
    await all.query("acme-db", "drop table t");
    await all.query("acme-db", "create table later as select 1 as id");
    await all.reaches("acme-db", await all.now("acme-db"));
    const source = { SourceDBInstanceIdentifier: "acme-db" };
    const found = await all.restore("undone", { ...source, RestoreTime: before });
    expect(found).toMatchObject({ DBInstanceStatus: "creating" });
    const text = `
      select count(*)::int, to_regclass('later') as later, pg_is_in_recovery() as standby from t`;
    await expect(all.query("undone", text)).resolves.toEqual([
      { count: 3001, later: null, standby: false },
    ]);
    await all.query("undone", "insert into t values (-1)");
  });

  it("takes the latest there is, from what a killed server had archived", async () => {
    await all.query("acme-db", "create table last as select 7 as id");
    await all.reaches("acme-db", await all.now("acme-db"));
    await cloud.rds.kill(HOME, "acme-db");
    const { DbiResourceId: SourceDbiResourceId } = await backups.instance(HOME, "acme-db");
    const latest = { SourceDbiResourceId, UseLatestRestorableTime: true };
    await all.restore("latest", { ...latest, BackupRetentionPeriod: 1 });
    await expect(all.query("latest", "select id from last")).resolves.toEqual([{ id: 7 }]);
    await cloud.rds.revive(HOME, "acme-db");
    // A new life has backups of its own.
    await all.query("latest", "create table own as select 1 as id");
    await all.reaches("latest", await all.now("latest"));
    const again = { SourceDBInstanceIdentifier: "latest", UseLatestRestorableTime: true };
    await all.restore("latest-again", again);
    await expect(all.query("latest-again", "select id from own")).resolves.toEqual([{ id: 1 }]);
  });

  it.for([
    ["two sources", { SourceDbiResourceId: "db-X", UseLatestRestorableTime: true }],
    ["two times", { RestoreTime: new Date(), UseLatestRestorableTime: true }],
    ["no time", {}],
  ] as const)("refuses %s", async ([, input]) => {
    const restoring = all.restore("never", { SourceDBInstanceIdentifier: "acme-db", ...input });
    await expect(restoring).rejects.toMatchObject({ name: "InvalidParameterCombination" });
  });

  it("refuses times outside the window, and instances that keep no backups", async () => {
    const source = { SourceDBInstanceIdentifier: "acme-db" };
    for (const [RestoreTime, says] of [
      [new Date(Date.now() + 60_000), "later than"],
      [new Date(Date.now() - 3_600_000), "earlier than"],
    ] as const) {
      await expect(all.restore("never", { ...source, RestoreTime })).rejects.toMatchObject({
        name: "InvalidParameterValue",
        message: expect.stringContaining(says),
      });
    }
    const off = { SourceDBInstanceIdentifier: "undone", UseLatestRestorableTime: true };
    await expect(all.restore("never", off)).rejects.toMatchObject({
      name: "PointInTimeRestoreNotEnabledFault",
    });
  });
});

describe("a read replica", () => {
  it("has backups from its promotion on, over the change of timeline", async () => {
    await backups.create("leader", { BackupRetentionPeriod: 1 });
    await all.query("leader", "create table kept as select g as id from generate_series(1, 100) g");
    const follower = { DBInstanceIdentifier: "follower", BackupRetentionPeriod: 1 };
    const client = cloud.client(HOME);
    await client.send(
      new CreateDBInstanceReadReplicaCommand({ ...follower, SourceDBInstanceIdentifier: "leader" }),
    );
    await cloud.rds.settled(HOME, "follower");
    await expect(all.automated({ DBInstanceIdentifier: "follower" })).resolves.toEqual([]);
    await vi.waitFor(() => all.query("follower", "select from kept"), WITHIN);
    await client.send(new PromoteReadReplicaCommand(follower));
    await cloud.rds.settled(HOME, "follower");
    await all.query("follower", "insert into kept values (0)");
    await all.reaches("follower", await all.now("follower"));
    const source = { SourceDBInstanceIdentifier: "follower", UseLatestRestorableTime: true };
    await all.restore("follower-again", source);
    const rows = await all.query("follower-again", "select count(*)::int, min(id) from kept");
    expect(rows).toEqual([{ count: 101, min: 0 }]);
    for (const DBInstanceIdentifier of ["leader", "follower"]) {
      const gone = { DBInstanceIdentifier, SkipFinalSnapshot: true };
      await client.send(new DeleteDBInstanceCommand(gone));
    }
  });
});

describe("a retention", () => {
  it("is switched on and off with the backups", async () => {
    const retain = async (BackupRetentionPeriod: number) => {
      const input = { DBInstanceIdentifier: "undone", BackupRetentionPeriod };
      await cloud.client(HOME).send(new ModifyDBInstanceCommand(input));
      await cloud.rds.settled(HOME, "undone");
    };
    await retain(1);
    await all.reaches("undone", await all.now("undone"));
    await retain(0);
    await expect(all.automated({ DBInstanceIdentifier: "undone" })).resolves.toEqual([]);
    const { LatestRestorableTime } = await backups.instance(HOME, "undone");
    expect(LatestRestorableTime).toBeUndefined();
  });
});

describe("a deleted instance", () => {
  it("leaves its backups when asked, to be restored from until they are deleted", async () => {
    const { DbiResourceId } = await backups.instance(HOME, "latest");
    const remove = (id: string, DeleteAutomatedBackups?: boolean) =>
      cloud.client(HOME).send(
        new DeleteDBInstanceCommand({
          DBInstanceIdentifier: id,
          SkipFinalSnapshot: true,
          DeleteAutomatedBackups,
        }),
      );
    const drop = () =>
      cloud.client(HOME).send(new DeleteDBInstanceAutomatedBackupCommand({ DbiResourceId }));
    await expect(drop()).rejects.toMatchObject({
      name: "InvalidDBInstanceAutomatedBackupStateFault",
    });
    await remove("latest", false);
    await vi.waitFor(async () => {
      await expect(all.automated({ DbiResourceId })).resolves.toMatchObject([
        { Status: "retained" },
      ]);
    }, WITHIN);
    const source = { SourceDbiResourceId: DbiResourceId, UseLatestRestorableTime: true };
    await all.restore("heir", source);
    await expect(all.query("heir", "select id from own")).resolves.toEqual([{ id: 1 }]);
    await drop();
    await expect(all.automated({ DbiResourceId })).resolves.toEqual([]);
    await expect(all.restore("orphan", source)).rejects.toMatchObject({
      name: "DBInstanceAutomatedBackupNotFoundFault",
    });
    await remove("acme-db");
    await vi.waitFor(async () => expect(await all.automated()).toEqual([]), WITHIN);
    const list = new DescribeDBSnapshotsCommand({ SnapshotType: "automated" });
    await expect(cloud.client(HOME).send(list)).resolves.toMatchObject({ DBSnapshots: [] });
  });
});
