import * as rds from "@aws-sdk/client-rds";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { seatedFence, seatedRegistry, seatedStandby } from "../../../functions/aws/rds-seated.ts";
import { seatedInventory } from "../../../functions/aws/seated-inventory.ts";
import { seatedSeats } from "../../../functions/aws/seated-seats.ts";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import { AwsError } from "../../../lib/local-cloud/wire/service.ts";
import { fleetOf, instance, regional } from "../../fakes/fleet.ts";
import { running, SECRET } from "../../local-cloud/wire/running.ts";

const [HOME, STANDBY] = ["eu-central-2", "eu-central-1"];
const arn = (region: string, name: string) => `arn:aws:rds:${region}:111111111111:cluster:${name}`;
const ARNS = { acme: arn(HOME, "acme-db"), standby: arn(STANDBY, "acme-db-standby") };

interface Call {
  readonly operation: string;
  readonly region: string;
  readonly input: Record<string, unknown>;
}

const calls: Call[] = [];
const answers = new Map<string, () => unknown>();
const OPERATIONS = [
  ...["DescribeDBInstances", "DescribeDBClusters", "DescribeGlobalClusters", "ModifyDBCluster"],
  ...["FailoverDBCluster", "FailoverGlobalCluster", "SwitchoverGlobalCluster", "RebootDBInstance"],
] as const;
const operations = Object.fromEntries(
  OPERATIONS.map((operation) => [
    operation,
    async (input: Record<string, unknown>, { region }: { region: string }) => {
      calls.push({ operation, region, input });
      return answers.get(operation)?.() ?? {};
    },
  ]),
);
const cloud = await running([{ name: "rds", client: rds, operations }], {
  isCutOff: (region) => region === "eu-lost-1",
});
vi.stubEnv("AWS_ENDPOINT_URL", cloud.url);
vi.stubEnv("AWS_REGION", STANDBY);
vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
vi.stubEnv("AWS_SECRET_ACCESS_KEY", SECRET);
const clock = clockFrom({ SLA_PACE: "60" });
const fleet = fleetOf([
  instance("acme", {}, "aurora-postgresql"),
  instance("birch"),
  regional("cedar", "aurora-postgresql"),
]);
const ALONE = { region: HOME, database: "cedar-db" };
const [PRIMARY, SECOND] = [
  { region: HOME, database: "acme-db" },
  { region: STANDBY, database: "acme-db-standby" },
];

beforeEach(() => {
  calls.length = 0;
  answers.clear();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await cloud.server.close();
});

const clusterOf = (region: string, name: string) => ({
  ...{ DBClusterIdentifier: name, DBClusterArn: arn(region, name), Status: "available" },
  ...{ Endpoint: `${name}.cluster-x`, ReaderEndpoint: `${name}.cluster-ro-x`, Port: 5432 },
  ...{ BackupRetentionPeriod: 7, DeletionProtection: true, StorageEncrypted: true },
  VpcSecurityGroups: [{ VpcSecurityGroupId: "sg-2", Status: "active" }],
  DBClusterMembers: [{ DBInstanceIdentifier: `${name}-1`, IsClusterWriter: true }],
});
const globalOf = (changes: object = {}, sync = "connected") => ({
  GlobalClusterIdentifier: "acme-global",
  GlobalClusterMembers: [
    { DBClusterArn: ARNS.acme, Readers: [ARNS.standby], IsWriter: true },
    { DBClusterArn: ARNS.standby, IsWriter: false, SynchronizationStatus: sync },
  ],
  ...changes,
});
const described = (region: string, name: string, global: object | undefined = globalOf()) => {
  answers.set("DescribeDBClusters", () => ({ DBClusters: [clusterOf(region, name)] }));
  answers.set("DescribeGlobalClusters", () => ({ GlobalClusters: global ? [global] : [] }));
};
const refusing = (code: string) => () => {
  throw new AwsError(code, "no", 400);
};

describe("a cluster of a global database", () => {
  const registry = seatedRegistry(clock)(fleet);

  it("is a primary as its writer, asked in its own region", async () => {
    described(HOME, "acme-db");
    expect(await registry.describe(PRIMARY)).toMatchObject({
      ...{ status: "available", replication: [], backupRetentionDays: 7 },
      endpoint: { host: "acme-db.cluster-x", port: 5432 },
      groups: [{ id: "sg-2", active: true }],
    });
    expect(await registry.describe(PRIMARY)).not.toHaveProperty("source");
    expect(new Set(calls.map(({ region }) => region))).toEqual(new Set([HOME]));
    expect(calls.map(({ input }) => input)).toEqual(
      expect.arrayContaining([
        { DBClusterIdentifier: "acme-db" },
        { GlobalClusterIdentifier: "acme-global" },
      ]),
    );
  });

  it("is a standby as its secondary, and asked at its reader endpoint", async () => {
    described(STANDBY, "acme-db-standby");
    expect(await registry.describe(SECOND)).toMatchObject({
      ...{ source: ARNS.acme, replication: ["replicating"] },
      endpoint: { host: "acme-db-standby.cluster-x" },
      reader: { host: "acme-db-standby.cluster-ro-x" },
    });
  });

  it.each([
    ["does not receive yet", globalOf({}, "pending-resync"), ["pending-resync"]],
    [
      "is being promoted",
      globalOf({ FailoverState: { Status: "failing-over", ToDbClusterArn: ARNS.standby } }),
      ["replicating", "failing-over"],
    ],
  ])("says that it %s", async (_what, global, replication) => {
    described(STANDBY, "acme-db-standby", global);
    expect(await registry.describe(SECOND)).toMatchObject({ replication });
  });

  it("follows nobody once it was detached, and is none once it is gone", async () => {
    described(STANDBY, "acme-db-standby", undefined);
    answers.set("DescribeGlobalClusters", refusing("GlobalClusterNotFoundFault"));
    expect(await registry.describe(SECOND)).not.toHaveProperty("source");
    answers.set("DescribeDBClusters", refusing("DBClusterNotFoundFault"));
    expect(await registry.describe(SECOND)).toBeUndefined();
  });

  it("leaves instances of the fleet to be described as instances", async () => {
    await registry.describe({ region: HOME, database: "birch-db" });
    expect(calls.map(({ operation }) => operation)).toEqual(["DescribeDBInstances"]);
  });

  it("is known to the watch by where it can be asked, and no other cluster is", async () => {
    answers.set("DescribeDBClusters", () => ({
      DBClusters: [clusterOf(STANDBY, "acme-db-standby"), clusterOf(STANDBY, "birch-db-standby")],
    }));
    answers.set("DescribeGlobalClusters", () => ({ GlobalClusters: [globalOf()] }));
    expect([...(await seatedInventory(clock, async () => fleet).describe(STANDBY))]).toEqual([
      [
        "acme-db-standby",
        { host: "acme-db-standby.cluster-ro-x", port: 5432, replication: ["replicating"] },
      ],
    ]);
    calls.length = 0;
    await seatedInventory(clock, async () => fleetOf([instance("birch")])).describe(STANDBY);
    expect(calls.map(({ operation }) => operation)).toEqual(["DescribeDBInstances"]);
  });

  it("is looked at by the live check with the endpoint that names lead to", async () => {
    described(STANDBY, "acme-db-standby");
    expect(await seatedSeats(clock, fleet).look(SECOND)).toMatchObject({
      ...{ isCluster: true, multiAz: false, replicaOf: ARNS.acme, replication: "replicating" },
      endpoint: "acme-db-standby.cluster-x",
    });
  });
});

describe("a cluster of one region", () => {
  const member = (id: string, status: string) => ({
    ...{ DBInstanceIdentifier: id, DBInstanceStatus: status },
    Endpoint: { Address: `${id}.x`, Port: 5432 },
  });

  it("says who of its members writes, who would be next, and how each is", async () => {
    described(HOME, "cedar-db");
    answers.set("DescribeDBClusters", () => ({
      DBClusters: [
        {
          ...clusterOf(HOME, "cedar-db"),
          DBClusterMembers: [
            { DBInstanceIdentifier: "cedar-1", IsClusterWriter: true, PromotionTier: 1 },
            { DBInstanceIdentifier: "cedar-2", IsClusterWriter: false, PromotionTier: 0 },
            { DBInstanceIdentifier: "cedar-3", IsClusterWriter: false },
          ],
        },
      ],
    }));
    answers.set("DescribeDBInstances", () => ({
      DBInstances: [member("cedar-1", "rebooting"), member("cedar-2", "available")],
    }));
    const state = await seatedRegistry(clock)(fleet).describe(ALONE);
    expect(state?.members).toEqual([
      {
        id: "cedar-1",
        isWriter: true,
        tier: 1,
        status: "rebooting",
        endpoint: { host: "cedar-1.x", port: 5432 },
      },
      {
        id: "cedar-2",
        isWriter: false,
        tier: 0,
        status: "available",
        endpoint: { host: "cedar-2.x", port: 5432 },
      },
      { id: "cedar-3", isWriter: false, tier: 15, status: "gone" },
    ]);
    expect(state).not.toHaveProperty("reader");
    expect(calls.map(({ operation, input }) => [operation, input])).toEqual([
      ["DescribeDBClusters", { DBClusterIdentifier: "cedar-db" }],
      [
        "DescribeDBInstances",
        { Filters: [{ Name: "db-cluster-id", Values: ["cedar-db"] }], MaxRecords: 100 },
      ],
    ]);
  });

  it("is none once it is gone", async () => {
    answers.set("DescribeDBClusters", refusing("DBClusterNotFoundFault"));
    expect(await seatedRegistry(clock)(fleet).describe(ALONE)).toBeUndefined();
  });

  it("is known to the watch by the endpoint of its writer, without a word of global databases", async () => {
    const only = fleetOf([regional("cedar", "aurora-postgresql")]);
    answers.set("DescribeDBClusters", () => ({ DBClusters: [clusterOf(HOME, "cedar-db")] }));
    expect([...(await seatedInventory(clock, async () => only).describe(HOME))]).toEqual([
      ["cedar-db", { host: "cedar-db.cluster-x", port: 5432 }],
    ]);
    expect(calls.map(({ operation }) => operation).toSorted()).toEqual([
      "DescribeDBClusters",
      "DescribeDBInstances",
    ]);
  });

  it.each([
    [undefined, "accepted"],
    ["InvalidDBClusterStateFault", "wrong-state"],
    ["InvalidDBInstanceStateFault", "wrong-state"],
    ["DBClusterNotFoundFault", "gone"],
  ])("is given the writer that is named, and %s is %s", async (code, answer) => {
    if (code !== undefined) answers.set("FailoverDBCluster", refusing(code));
    const standby = seatedStandby(clock, "111111111111")(fleet);
    const options = { backupRetentionDays: 7, member: "cedar-2" };
    expect(await standby.promote(ALONE, options)).toBe(answer);
    const input = { DBClusterIdentifier: "cedar-db", TargetDBInstanceIdentifier: "cedar-2" };
    expect(calls).toEqual([{ operation: "FailoverDBCluster", region: HOME, input }]);
  });

  it("is given the writer that RDS chooses where none is named", async () => {
    const standby = seatedStandby(clock, "111111111111")(fleet);
    await standby.promote(ALONE, { backupRetentionDays: 7 });
    const input = { DBClusterIdentifier: "cedar-db" };
    expect(calls).toEqual([{ operation: "FailoverDBCluster", region: HOME, input }]);
  });
});

describe("a change of a cluster", () => {
  const standby = seatedStandby(clock, "111111111111")(fleet);
  const fence = seatedFence(clock)(fleet);
  const TARGET = {
    GlobalClusterIdentifier: "acme-global",
    TargetDbClusterIdentifier: ARNS.standby,
  };

  it("allows data loss where the primary is lost, asked of the region that takes over", async () => {
    expect(await standby.promote(SECOND, { backupRetentionDays: 7 })).toBe("accepted");
    expect(calls).toEqual([
      {
        operation: "FailoverGlobalCluster",
        region: STANDBY,
        input: { ...TARGET, AllowDataLoss: true },
      },
    ]);
  });

  it("is a switchover where it is planned, asked of the region that hands over", async () => {
    await standby.promote(SECOND, { backupRetentionDays: 7, from: PRIMARY });
    expect(calls).toEqual([{ operation: "SwitchoverGlobalCluster", region: HOME, input: TARGET }]);
  });

  it("sets the groups of the cluster at once, and gives it another writer for a reboot", async () => {
    expect(await fence.admitOnly(PRIMARY, ["sg-2q"])).toBe("accepted");
    expect(await fence.reboot(PRIMARY)).toBe("accepted");
    await fence.reboot({ region: HOME, database: "birch-db" });
    expect(calls).toMatchObject([
      {
        operation: "ModifyDBCluster",
        region: HOME,
        input: {
          DBClusterIdentifier: "acme-db",
          VpcSecurityGroupIds: ["sg-2q"],
          ApplyImmediately: true,
        },
      },
      { operation: "FailoverDBCluster", input: { DBClusterIdentifier: "acme-db" } },
      { operation: "RebootDBInstance" },
    ]);
  });

  it.each([
    ["InvalidGlobalClusterStateFault", "wrong-state"],
    ["InvalidDBClusterStateFault", "wrong-state"],
    ["GlobalClusterNotFoundFault", "gone"],
    ["DBClusterNotFoundFault", "gone"],
  ])("answers %s with %s", async (code, answer) => {
    answers.set("FailoverGlobalCluster", refusing(code));
    expect(await standby.promote(SECOND, { backupRetentionDays: 7 })).toBe(answer);
  });

  it("is asked once, and a throttle or a silent region is said as such", async () => {
    answers.set("FailoverGlobalCluster", refusing("Throttling"));
    await expect(standby.promote(SECOND, { backupRetentionDays: 7 })).rejects.toMatchObject({
      code: "CloudThrottled",
    });
    expect(calls).toHaveLength(1);
    const lost = { region: "eu-lost-1", database: "acme-db" };
    await expect(
      standby.promote(SECOND, { backupRetentionDays: 7, from: lost }),
    ).rejects.toMatchObject({ code: "CloudUnreachable" });
  });
});
