import {
  CopyDBSnapshotCommand,
  CreateDBInstanceCommand,
  CreateDBSnapshotCommand,
  DeleteDBInstanceCommand,
  DeleteDBSnapshotCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
} from "@aws-sdk/client-rds";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Cloud, HOME, PASSWORD, STANDBY, startCloud } from "./cloud.ts";

/** Somebody else may have the machine. */
const WITHIN = { timeout: 60_000, interval: 20 };
vi.setConfig({ testTimeout: 120_000 });
let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud();
  await cloud.client(HOME).send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: "acme-db",
      DBInstanceClass: "db.t4g.micro",
      Engine: "postgres",
      MasterUsername: "postgres",
      MasterUserPassword: PASSWORD,
      CopyTagsToSnapshot: true,
      Tags: [{ Key: "owner", Value: "sla" }],
    }),
  );
  await cloud.rds.settled(HOME, "acme-db");
  const text = "create table t as select g as id from generate_series(1, 5000) g";
  await cloud.rds.adminQuery(HOME, "acme-db", `${text}; grant select on t to postgres`);
});
afterAll(() => cloud.close());

async function snapshot(region: string, id: string) {
  const command = new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: id });
  const { DBSnapshots = [] } = await cloud.client(region).send(command);
  return DBSnapshots[0] ?? {};
}

const available = (region: string, id: string) =>
  vi.waitFor(async () => {
    const found = await snapshot(region, id);
    expect(found.Status).toBe("available");
    return found;
  }, WITHIN);

async function take(id: string) {
  const input = { DBInstanceIdentifier: "acme-db", DBSnapshotIdentifier: id };
  const { DBSnapshot } = await cloud.client(HOME).send(new CreateDBSnapshotCommand(input));
  return DBSnapshot;
}

describe("a snapshot", () => {
  it("is taken while the instance is backing up, and carries its tags", async () => {
    await expect(take("first")).resolves.toMatchObject({ Status: "creating" });
    await expect(take("second")).rejects.toMatchObject({ name: "InvalidDBInstanceStateFault" });
    const found = await available(HOME, "first");
    expect(found).toMatchObject({
      DBInstanceIdentifier: "acme-db",
      SnapshotType: "manual",
      TagList: [{ Key: "owner", Value: "sla" }],
    });
    expect(found.SnapshotCreateTime).toBeInstanceOf(Date);
    await cloud.rds.settled(HOME, "acme-db");
    await expect(take("first")).rejects.toMatchObject({ name: "DBSnapshotAlreadyExistsFault" });
  });

  it("is copied to another region and restored there with everything that was in it", async () => {
    const source = await available(HOME, "first");
    const client = cloud.client(STANDBY);
    const copy = {
      SourceDBSnapshotIdentifier: source.DBSnapshotArn,
      TargetDBSnapshotIdentifier: "first-copy",
      CopyTags: true,
    };
    await client.send(new CopyDBSnapshotCommand(copy));
    const copied = await available(STANDBY, "first-copy");
    expect(copied.SourceDBSnapshotIdentifier).toBe(source.DBSnapshotArn);
    expect(copied.OriginalSnapshotCreateTime).toEqual(source.SnapshotCreateTime);
    expect(Number(copied.SnapshotCreateTime)).toBeGreaterThan(Number(source.SnapshotCreateTime));

    await cloud.rds.adminQuery(HOME, "acme-db", "insert into t values (0)");
    const input = { DBInstanceIdentifier: "restored", DBSnapshotIdentifier: "first-copy" };
    await client.send(new RestoreDBInstanceFromDBSnapshotCommand(input));
    await cloud.rds.settled(STANDBY, "restored");
    const { DBInstances = [] } = await client.send(
      new DescribeDBInstancesCommand({ DBInstanceIdentifier: "restored" }),
    );
    const restored = await cloud.connect(DBInstances[0]?.Endpoint?.Address ?? "");
    const { rows } = await restored.query(
      "select count(*)::int, pg_is_in_recovery() as standby from t",
    );
    expect(rows).toEqual([{ count: 5000, standby: false }]);
    await restored.end();
  });

  it("cannot be copied out of a region that is cut off", async () => {
    const { DBSnapshotArn } = await available(HOME, "first");
    cloud.rds.cutOff(HOME);
    const copy = {
      SourceDBSnapshotIdentifier: DBSnapshotArn,
      TargetDBSnapshotIdentifier: "stranded",
    };
    await cloud.client(STANDBY).send(new CopyDBSnapshotCommand(copy));
    await vi.waitFor(async () => {
      expect((await snapshot(STANDBY, "stranded")).Status).toBe("failed");
    }, WITHIN);
    cloud.rds.reconnect(HOME);
  });

  it("is taken of an instance that is deleted, when asked, and can itself be deleted", async () => {
    const refused = new DeleteDBInstanceCommand({ DBInstanceIdentifier: "acme-db" });
    await expect(cloud.client(HOME).send(refused)).rejects.toMatchObject({
      name: "InvalidParameterCombination",
    });
    const input = { DBInstanceIdentifier: "acme-db", FinalDBSnapshotIdentifier: "last" };
    await cloud.client(HOME).send(new DeleteDBInstanceCommand(input));
    await available(HOME, "last");
    await cloud.client(HOME).send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: "last" }));
    await vi.waitFor(async () => {
      await expect(snapshot(HOME, "last")).rejects.toMatchObject({
        name: "DBSnapshotNotFoundFault",
      });
    }, WITHIN);
  });
});
