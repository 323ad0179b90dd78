import { type DBSnapshot, DeleteDBInstanceCommand } from "@aws-sdk/client-rds";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { backupsOf, WITHIN } from "./backups.ts";
import { type Cloud, HOME, STANDBY, startCloud } from "./cloud.ts";

const KEY = `arn:aws:kms:${STANDBY}:111111111111:key/1234abcd`;
const HOME_KEY = `arn:aws:kms:${HOME}:111111111111:key/5678efab`;
vi.setConfig({ testTimeout: 120_000 });
let cloud: Cloud;
let backups: ReturnType<typeof backupsOf>;
let first: DBSnapshot;
beforeAll(async () => {
  cloud = await startCloud();
  backups = backupsOf(cloud);
  await backups.create("acme-db", { StorageEncrypted: true, KmsKeyId: HOME_KEY });
  const text = `
    create table t as select g as id, 'row ' || g as said from generate_series(1, 5000) g;
    create unique index t_id on t (id);
    create extension if not exists amcheck`;
  await cloud.rds.adminQuery(HOME, "acme-db", text);
  first = await backups.take("acme-db", "first");
});
afterAll(() => cloud.close());

const rejected = (name: string, says: string) => ({
  name,
  message: expect.stringContaining(says),
});

describe("copies that are held", () => {
  it("stay pending without progress, are 20 at most, and fail when their source is deleted", async () => {
    const source = await backups.copy(HOME, first, "source");
    await backups.becomes(HOME, "source", "available");
    cloud.rds.holdCopies(STANDBY);
    const ids = Array.from({ length: 20 }, (_, index) => `held-${index}`);
    for (const id of ids) {
      const copy = await backups.copy(STANDBY, source, id, { KmsKeyId: KEY });
      expect(copy).toMatchObject({ Status: "pending", PercentProgress: 0 });
    }
    await expect(
      backups.copy(STANDBY, source, "one-more", { KmsKeyId: KEY }),
    ).rejects.toMatchObject(
      rejected("SnapshotQuotaExceededFault", "Cannot copy more than 20 snapshots across regions"),
    );
    await expect(backups.remove(STANDBY, "held-0")).rejects.toMatchObject(
      rejected("InvalidDBSnapshotStateFault", "it is pending"),
    );
    await backups.remove(HOME, "source");
    for (const id of ids) await backups.becomes(STANDBY, id, "failed");
    await backups.remove(STANDBY, "held-0");
    cloud.rds.releaseCopies(STANDBY);
  });

  it("go on when they are released, one after the other", async () => {
    cloud.rds.holdCopies(STANDBY);
    for (const id of ["left", "right"]) {
      await backups.copy(STANDBY, first, id, { KmsKeyId: KEY });
    }
    cloud.rds.releaseCopies(STANDBY);
    for (const id of ["left", "right"]) {
      await backups.becomes(STANDBY, id, "available");
      expect(backups.statuses(id)).toEqual(["copying", "available"]);
    }
    const told = cloud.log
      .all()
      .filter(({ detail }) => ["left", "right"].includes(String(detail["snapshot"])))
      .map(({ detail }) => `${detail["snapshot"]} ${detail["to"]}`);
    expect(told).toEqual(["left copying", "left available", "right copying", "right available"]);
  });
});

describe("a copy that fails", () => {
  it("is the next one only, and does not stop those behind it", async () => {
    cloud.rds.failNextCopy(STANDBY);
    await backups.copy(STANDBY, first, "unlucky", { KmsKeyId: KEY });
    await backups.copy(STANDBY, first, "lucky", { KmsKeyId: KEY });
    await backups.becomes(STANDBY, "unlucky", "failed");
    await backups.becomes(STANDBY, "lucky", "available");
    expect(backups.statuses("unlucky")).toEqual(["copying", "failed"]);
  });
});

describe("a KMS key", () => {
  it("that is disabled keeps copies and restores away until it is enabled again", async () => {
    await backups.copy(STANDBY, first, "locked", { KmsKeyId: KEY });
    await backups.becomes(STANDBY, "locked", "available");
    cloud.rds.disableKey(STANDBY, "1234abcd");
    const refused = rejected("KMSKeyNotAccessibleFault", KEY);
    const copying = backups.copy(STANDBY, first, "unwritten", { KmsKeyId: KEY });
    await expect(copying).rejects.toMatchObject(refused);
    await expect(backups.restore(STANDBY, "locked", "unread")).rejects.toMatchObject(refused);
    cloud.rds.enableKey(STANDBY, KEY);
    await backups.copy(STANDBY, first, "unwritten", { KmsKeyId: KEY });
    await backups.becomes(STANDBY, "unwritten", "available");
  });

  it("must be of the region of the copy, and must be named for it", async () => {
    const foreign = backups.copy(STANDBY, first, "foreign", { KmsKeyId: HOME_KEY });
    await expect(foreign).rejects.toMatchObject(rejected("KMSKeyNotAccessibleFault", STANDBY));
    const unnamed = backups.copy(STANDBY, first, "unnamed");
    await expect(unnamed).rejects.toMatchObject(
      rejected("InvalidParameterValue", "Must specify new KMS key"),
    );
  });

  it("that is disabled at home lets the instance run and its snapshots fail", async () => {
    cloud.rds.disableKey(HOME, HOME_KEY);
    await backups.begin("acme-db", "unkeyed");
    await backups.becomes(HOME, "unkeyed", "failed");
    await cloud.rds.settled(HOME, "acme-db");
    cloud.rds.enableKey(HOME, HOME_KEY);
    await expect(backups.instance(HOME, "acme-db")).resolves.toMatchObject({
      DBInstanceStatus: "available",
    });
  });
});

describe("what hangs", () => {
  it("is a snapshot in creating, its instance backing up, until it is released", async () => {
    cloud.rds.holdSnapshots(HOME);
    const taking = backups.take("acme-db", "slow");
    await vi.waitFor(async () => {
      const { DBInstanceStatus } = await backups.instance(HOME, "acme-db");
      expect(DBInstanceStatus).toBe("backing-up");
    }, WITHIN);
    const waiting = await backups.snapshot(HOME, "slow");
    expect(waiting).toMatchObject({ Status: "creating", PercentProgress: 0 });
    expect(waiting.SnapshotCreateTime).toBeUndefined();
    cloud.rds.releaseSnapshots(HOME);
    await expect(taking).resolves.toMatchObject({ Status: "available", PercentProgress: 100 });
  });

  it("is a restored instance in creating, which can be deleted all the same", async () => {
    cloud.rds.holdRestores(STANDBY);
    await backups.restore(STANDBY, "lucky", "stuck");
    await backups.restore(STANDBY, "lucky", "patient");
    const stuck = { DBInstanceIdentifier: "stuck" };
    await expect(backups.instance(STANDBY, "stuck")).resolves.toMatchObject({
      DBInstanceStatus: "creating",
    });
    const remove = new DeleteDBInstanceCommand({ ...stuck, SkipFinalSnapshot: true });
    await cloud.client(STANDBY).send(remove);
    await vi.waitFor(
      () =>
        expect(backups.instance(STANDBY, "stuck")).rejects.toMatchObject({
          name: "DBInstanceNotFoundFault",
        }),
      WITHIN,
    );
    cloud.rds.releaseRestores(STANDBY);
    await cloud.rds.settled(STANDBY, "patient");
  });
});

describe("a damaged snapshot", () => {
  const restored = async (id: string, text: string) => {
    await backups.restore(HOME, id, id);
    await cloud.rds.settled(HOME, id);
    return cloud.rds.adminQuery(HOME, id, text);
  };

  it("has lost rows, which a count finds", async () => {
    await backups.take("acme-db", "halved");
    await cloud.rds.damageSnapshot(HOME, "halved", "t");
    const [row] = await restored("halved", "select count(*)::int from t");
    expect(row?.["count"]).toBeGreaterThan(1000);
    expect(row?.["count"]).toBeLessThan(4000);
  });

  it("has an index in disorder, which a count does not find and amcheck does", async () => {
    await backups.take("acme-db", "shuffled");
    await cloud.rds.damageSnapshot(HOME, "shuffled", "t_id");
    const rows = await restored("shuffled", "select count(*)::int from t");
    expect(rows).toEqual([{ count: 5000 }]);
    const check = cloud.rds.adminQuery(HOME, "shuffled", "select bt_index_check('t_id')");
    await expect(check).rejects.toThrow("item order invariant violated");
  });

  it("cannot be had of a relation that is not in it", async () => {
    await cloud.rds.adminQuery(HOME, "acme-db", "create table later as select 1 as id");
    await expect(cloud.rds.damageSnapshot(HOME, "first", "later")).rejects.toThrow("is not in");
    await backups.restore(HOME, "first", "unharmed");
    await cloud.rds.settled(HOME, "unharmed");
    const rows = await cloud.rds.adminQuery(HOME, "unharmed", "select count(*)::int from t");
    expect(rows).toEqual([{ count: 5000 }]);
  });
});
