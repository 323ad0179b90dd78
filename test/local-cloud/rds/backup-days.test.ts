import { DescribeDBSnapshotsCommand } from "@aws-sdk/client-rds";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { automatedOf } from "./automated.ts";
import { backupsOf, WITHIN } from "./backups.ts";
import { type Cloud, HOME, startCloud } from "./cloud.ts";

vi.setConfig({ testTimeout: 120_000 });
let cloud: Cloud;
beforeAll(async () => {
  // A day is a second.
  cloud = await startCloud({ keepsBackups: true, pace: 86_400 });
});
afterAll(() => cloud.close());

const snapshots = async () => {
  const list = new DescribeDBSnapshotsCommand({ SnapshotType: "automated" });
  const { DBSnapshots = [] } = await cloud.client(HOME).send(list);
  return DBSnapshots.map(({ DBSnapshotIdentifier }) => DBSnapshotIdentifier);
};

it("automated backups are taken daily, go after their retention, and leave what a restore needs", async () => {
  const { create } = backupsOf(cloud);
  const { automated, restore, query } = automatedOf(cloud);
  await create("acme-db", { BackupRetentionPeriod: 2 });
  await query("acme-db", "create table t as select g as id from generate_series(1, 500) g");
  const first = await vi.waitFor(async () => {
    const [one, two] = await snapshots();
    expect(two).toBeDefined();
    return one;
  }, WITHIN);
  const [before] = await automated();
  await vi.waitFor(async () => expect(await snapshots()).not.toContain(first), WITHIN);
  const [after] = await automated();
  expect(Number(after?.RestoreWindow?.EarliestTime)).toBeGreaterThan(
    Number(before?.RestoreWindow?.EarliestTime),
  );
  const early = { SourceDBInstanceIdentifier: "acme-db" };
  await expect(
    restore("never", { ...early, RestoreTime: before?.RestoreWindow?.EarliestTime }),
  ).rejects.toMatchObject({ name: "InvalidParameterValue" });
  await restore("again", { ...early, UseLatestRestorableTime: true });
  await expect(query("again", "select count(*)::int from t")).resolves.toEqual([{ count: 500 }]);
});
