import {
  AddTagsToResourceCommand,
  CreateDBInstanceReadReplicaCommand,
  DeleteDBInstanceCommand,
  DescribeDBSnapshotsCommand,
  type DescribeDBSnapshotsCommandInput,
  paginateDescribeDBSnapshots,
  RemoveTagsFromResourceCommand,
} from "@aws-sdk/client-rds";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Snapshot, SnapshotShelf } from "../../../lib/local-cloud/rds/snapshot-shelf.ts";
import { backupsOf } from "./backups.ts";
import { type Cloud, HOME, STANDBY, startCloud } from "./cloud.ts";

let cloud: Cloud;
let backups: ReturnType<typeof backupsOf>;
beforeAll(async () => {
  cloud = await startCloud();
  backups = backupsOf(cloud);
  await backups.create("acme-db", { Tags: [{ Key: "owner", Value: "sla" }] });
  await backups.take("acme-db", "first");
});
afterAll(() => cloud.close());

const list = async (region: string, input: DescribeDBSnapshotsCommandInput) => {
  const { DBSnapshots = [] } = await cloud
    .client(region)
    .send(new DescribeDBSnapshotsCommand(input));
  return DBSnapshots.map(({ DBSnapshotIdentifier }) => DBSnapshotIdentifier);
};

describe("a copy", () => {
  it("has a time and a source of its own, and keeps what tells of its instance", async () => {
    const source = await backups.snapshot(HOME, "first");
    await backups.copy(STANDBY, source, "far", { Tags: [{ Key: "sla", Value: "acme" }] });
    const far = await backups.becomes(STANDBY, "far", "available");
    await backups.copy(HOME, source, "near");
    const near = await backups.becomes(HOME, "near", "available");
    for (const copy of [far, near]) {
      expect(copy).toMatchObject({
        SourceRegion: HOME,
        DbiResourceId: source.DbiResourceId,
        OriginalSnapshotCreateTime: source.OriginalSnapshotCreateTime,
        SnapshotDatabaseTime: source.SnapshotDatabaseTime,
        InstanceCreateTime: source.InstanceCreateTime,
      });
      expect(Number(copy.SnapshotCreateTime)).toBeGreaterThan(Number(source.SnapshotCreateTime));
    }
    expect(far.SourceDBSnapshotIdentifier).toBe(source.DBSnapshotArn);
    expect(near.SourceDBSnapshotIdentifier).toBeUndefined();
    expect(far.TagList).toEqual([{ Key: "sla", Value: "acme" }]);
    expect(near.TagList ?? []).toEqual([]);
    expect(backups.statuses("near")).toEqual(["available"]);
    expect(Number(source.SnapshotDatabaseTime)).toBeGreaterThan(
      Number(source.OriginalSnapshotCreateTime),
    );
  });

  it("carries tags that were changed by hand when asked for the source's", async () => {
    const source = await backups.snapshot(HOME, "first");
    const ResourceName = source.DBSnapshotArn;
    const Tags = [
      { Key: "a", Value: "1" },
      { Key: "b", Value: "2" },
    ];
    await cloud.client(HOME).send(new AddTagsToResourceCommand({ ResourceName, Tags }));
    const gone = new RemoveTagsFromResourceCommand({ ResourceName, TagKeys: ["b"] });
    await cloud.client(HOME).send(gone);
    const copy = await backups.copy(STANDBY, source, "tagged", { CopyTags: true });
    expect(copy.TagList).toEqual([{ Key: "a", Value: "1" }]);
  });
});

describe("DescribeDBSnapshots", () => {
  it("finds by instance, its ARN, its resource and type", async () => {
    const { DbiResourceId, DBInstanceArn = "" } = await backups.instance(HOME, "acme-db");
    const all = ["first", "near"];
    const filter = (Name: string, ...Values: string[]) => ({ Filters: [{ Name, Values }] });
    await expect(list(HOME, { DBInstanceIdentifier: "ACME-db" })).resolves.toEqual(all);
    await expect(list(HOME, { DbiResourceId })).resolves.toEqual(all);
    await expect(list(HOME, filter("db-instance-id", DBInstanceArn))).resolves.toEqual(all);
    await expect(list(HOME, filter("db-snapshot-id", "near", "none"))).resolves.toEqual(["near"]);
    await expect(list(HOME, { SnapshotType: "manual" })).resolves.toEqual(all);
    await expect(list(HOME, { SnapshotType: "shared" })).resolves.toEqual([]);
    await expect(list(STANDBY, { DbiResourceId })).resolves.toEqual(["far", "tagged"]);
  });

  it("refuses filters, types and page sizes it does not have", async () => {
    const refused = { name: "InvalidParameterValue" };
    await expect(list(HOME, { SnapshotType: "old" })).rejects.toMatchObject(refused);
    await expect(list(HOME, { MaxRecords: 10 })).rejects.toMatchObject(refused);
    const Filters = [{ Name: "color", Values: ["red"] }];
    await expect(list(HOME, { Filters })).rejects.toMatchObject(refused);
    await expect(list(HOME, { DBSnapshotIdentifier: "none" })).rejects.toMatchObject({
      name: "DBSnapshotNotFoundFault",
    });
  });

  it("pages", async () => {
    cloud.rds.holdCopies("eu-north-1");
    const source = await backups.snapshot(HOME, "first");
    for (let number = 0; number < 20; number += 1) {
      await backups.copy("eu-north-1", source, `c-${number}`);
    }
    await backups.becomes("eu-north-1", "c-0", "pending");
    cloud.rds.releaseCopies("eu-north-1");
    await backups.becomes("eu-north-1", "c-19", "available");
    await backups.copy("eu-north-1", source, "c-20");
    const client = cloud.client("eu-north-1");
    const pages = await Array.fromAsync(paginateDescribeDBSnapshots({ client, pageSize: 20 }, {}));
    expect(pages.map(({ DBSnapshots = [] }) => DBSnapshots.length)).toEqual([20, 1]);
  });
});

describe("the quota", () => {
  it("is 100 manual snapshots in a region", () => {
    const shelf = new SnapshotShelf();
    const some = { region: HOME, status: "available", type: "manual" } as Snapshot;
    shelf.add({ ...some, type: "automated", id: "rds:acme-db-2026-01-01-03-00" });
    for (let number = 0; number < 99; number += 1) shelf.add({ ...some, id: `s-${number}` });
    shelf.checkFree(HOME, "last");
    shelf.add({ ...some, id: "last" });
    expect(() => shelf.checkFree(HOME, "over")).toThrow("Cannot create more than 100 manual");
    shelf.checkFree(STANDBY, "elsewhere");
  });
});

describe("a name", () => {
  it.for(["two--hyphens", "ends-", "1st", "rds:acme-db-2026", "x".repeat(256)])(
    "is not %s",
    async (id) => {
      const source = await backups.snapshot(HOME, "first");
      await expect(backups.copy(HOME, source, id)).rejects.toMatchObject({
        name: "InvalidParameterValue",
        message: expect.stringContaining("TargetDBSnapshotIdentifier"),
      });
    },
  );
});

describe("a read replica", () => {
  it("is deleted only without a final snapshot, and that must be said", async () => {
    const { DBInstanceArn } = await backups.instance(HOME, "acme-db");
    const id = { DBInstanceIdentifier: "standby" };
    const client = cloud.client(STANDBY);
    const input = { ...id, SourceDBInstanceIdentifier: DBInstanceArn };
    await client.send(new CreateDBInstanceReadReplicaCommand(input));
    await cloud.rds.settled(STANDBY, "standby");
    const refused = { name: "InvalidParameterCombination" };
    await expect(client.send(new DeleteDBInstanceCommand(id))).rejects.toMatchObject(refused);
    const final = new DeleteDBInstanceCommand({ ...id, FinalDBSnapshotIdentifier: "final" });
    await expect(client.send(final)).rejects.toMatchObject(refused);
    await client.send(new DeleteDBInstanceCommand({ ...id, SkipFinalSnapshot: true }));
  });
});

describe("a snapshot of a database that is written to", () => {
  it("holds all that was acknowledged by its time", { timeout: 120_000 }, async () => {
    const ask = cloud.rds.adminQuery;
    await ask(HOME, "acme-db", "create table written (id int)");
    const acknowledged: { readonly id: number; readonly at: number }[] = [];
    let writing = true;
    const writer = (async () => {
      for (let id = 1; writing; id += 1) {
        await ask(HOME, "acme-db", `insert into written values (${id})`);
        acknowledged.push({ id, at: Date.now() });
      }
    })();
    const taken = await backups.take("acme-db", "busy").finally(() => {
      writing = false;
    });
    await writer;
    await backups.restore(HOME, "busy", "acme-again");
    await cloud.rds.settled(HOME, "acme-again");
    const rows = await ask(HOME, "acme-again", "select id from written");
    const there = new Set(rows.map(({ id }) => id));
    const time = Number(taken.SnapshotDatabaseTime);
    const due = acknowledged.filter(({ at }) => at <= time);
    expect(due.length).toBeGreaterThan(0);
    expect(due.filter(({ id }) => !there.has(id))).toEqual([]);
  });
});
