import {
  CopyDBSnapshotCommand,
  type CopyDBSnapshotCommandInput,
  CreateDBInstanceCommand,
  type CreateDBInstanceCommandInput,
  CreateDBSnapshotCommand,
  type DBSnapshot,
  DeleteDBSnapshotCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
} from "@aws-sdk/client-rds";
import { expect, vi } from "vitest";
import { type Cloud, HOME, PASSWORD } from "./cloud.ts";

/** Somebody else may have the machine. */
export const WITHIN = { timeout: 60_000, interval: 10 };

/** What the tests of backups say to one cloud. */
export function backupsOf(cloud: Cloud) {
  const instance = async (region: string, DBInstanceIdentifier: string) => {
    const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier });
    const { DBInstances = [] } = await cloud.client(region).send(command);
    return DBInstances[0] ?? {};
  };
  const create = async (id: string, rest: Partial<CreateDBInstanceCommandInput> = {}) => {
    const input = {
      DBInstanceIdentifier: id,
      DBInstanceClass: "db.t4g.micro",
      Engine: "postgres",
      MasterUsername: "postgres",
      MasterUserPassword: PASSWORD,
      ...rest,
    };
    await cloud.client(HOME).send(new CreateDBInstanceCommand(input));
    await cloud.rds.settled(HOME, id);
    return instance(HOME, id);
  };
  const snapshot = async (region: string, DBSnapshotIdentifier: string): Promise<DBSnapshot> => {
    const command = new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier });
    const { DBSnapshots = [] } = await cloud.client(region).send(command);
    return DBSnapshots[0] ?? {};
  };
  const becomes = (region: string, id: string, status: string) =>
    vi.waitFor(async () => {
      const found = await snapshot(region, id);
      expect(found.Status).toBe(status);
      return found;
    }, WITHIN);
  const begin = async (source: string, id: string) => {
    const input = { DBInstanceIdentifier: source, DBSnapshotIdentifier: id };
    await cloud.client(HOME).send(new CreateDBSnapshotCommand(input));
  };
  const take = async (source: string, id: string) => {
    await begin(source, id);
    const taken = await becomes(HOME, id, "available");
    await cloud.rds.settled(HOME, source);
    return taken;
  };
  return {
    instance,
    create,
    snapshot,
    becomes,
    begin,
    take,
    async copy(
      region: string,
      source: DBSnapshot,
      id: string,
      rest: Partial<CopyDBSnapshotCommandInput> = {},
    ) {
      const SourceDBSnapshotIdentifier = source.DBSnapshotArn;
      const input = { SourceDBSnapshotIdentifier, TargetDBSnapshotIdentifier: id, ...rest };
      const { DBSnapshot } = await cloud.client(region).send(new CopyDBSnapshotCommand(input));
      return DBSnapshot ?? {};
    },
    remove: (region: string, DBSnapshotIdentifier: string) =>
      cloud.client(region).send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier })),
    async restore(region: string, snapshotId: string, id: string) {
      const input = { DBInstanceIdentifier: id, DBSnapshotIdentifier: snapshotId };
      await cloud.client(region).send(new RestoreDBInstanceFromDBSnapshotCommand(input));
    },
    /** What the event log tells of a snapshot, in order. */
    statuses: (id: string) =>
      cloud.log
        .all()
        .filter(
          ({ operation, detail }) => operation === "StatusChanged" && detail["snapshot"] === id,
        )
        .map(({ detail }) => detail["to"]),
  };
}
