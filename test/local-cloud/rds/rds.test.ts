import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect, createServer } from "node:net";
import {
  AddTagsToResourceCommand,
  CreateDBInstanceCommand,
  type CreateDBInstanceCommandInput,
  CreateDBInstanceReadReplicaCommand,
  type DBInstance,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  DescribeEventsCommand,
  ListTagsForResourceCommand,
  ModifyDBInstanceCommand,
  PromoteReadReplicaCommand,
  paginateDescribeDBInstances,
  RebootDBInstanceCommand,
  RemoveTagsFromResourceCommand,
  StartDBInstanceCommand,
  StopDBInstanceCommand,
} from "@aws-sdk/client-rds";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { isAlive } from "../../../lib/local-cloud/process-tree.ts";
import { type Cloud, HOME, KEPT_OUT, PASSWORD, STANDBY, startCloud } from "./cloud.ts";

const WITHIN = { timeout: 10_000, interval: 10 };
let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud();
  cloud.groups.create(HOME, "sg-open");
  cloud.groups.allow(HOME, "sg-open", { cidr: "127.0.0.0/8" });
  cloud.groups.create(HOME, "sg-quarantine");
  cloud.groups.allow(HOME, "sg-quarantine", { group: "sg-functions" });
});
afterAll(() => cloud.close());

const wanted = (id: string, rest: Partial<CreateDBInstanceCommandInput> = {}) => ({
  DBInstanceIdentifier: id,
  DBInstanceClass: "db.t4g.micro",
  AllocatedStorage: 20,
  Engine: "postgres",
  MasterUsername: "postgres",
  MasterUserPassword: PASSWORD,
  ...rest,
});

async function create(id: string, rest: Partial<CreateDBInstanceCommandInput> = {}) {
  await cloud.client(HOME).send(new CreateDBInstanceCommand(wanted(id, rest)));
  await cloud.rds.settled(HOME, id);
  return look(HOME, id);
}

async function replicate(source: DBInstance, id: string, region = STANDBY) {
  const SourceDBInstanceIdentifier = source.DBInstanceArn;
  const input = { DBInstanceIdentifier: id, SourceDBInstanceIdentifier };
  await cloud.client(region).send(new CreateDBInstanceReadReplicaCommand(input));
  await cloud.rds.settled(region, id);
  return look(region, id);
}

async function look(region: string, id: string): Promise<DBInstance> {
  const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: id });
  const { DBInstances = [] } = await cloud.client(region).send(command);
  return DBInstances[0] ?? {};
}

const endpointOf = (db: DBInstance) => db.Endpoint?.Address ?? "";

/** Statuses the event log tells of an instance, in order. */
const statuses = (id: string) =>
  cloud.log
    .all()
    .filter(({ operation, detail }) => operation === "StatusChanged" && detail["instance"] === id)
    .map(({ detail }) => detail["to"]);

const endOf = (client: Client) => new Promise<void>((done) => client.once("end", () => done()));

const remove = (region: string, id: string) =>
  cloud
    .client(region)
    .send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: id, SkipFinalSnapshot: true }));

describe("a DB instance", () => {
  it("is created asynchronously and answers under its endpoint's name", async () => {
    const input = wanted("fresh", { DBName: "acme", Tags: [{ Key: "sla", Value: "acme" }] });
    const { DBInstance: first } = await cloud.client(HOME).send(new CreateDBInstanceCommand(input));
    expect(first).toMatchObject({ DBInstanceStatus: "creating", DBInstanceIdentifier: "fresh" });
    expect(first?.Endpoint).toBeUndefined();
    await cloud.rds.settled(HOME, "fresh");
    const db = await look(HOME, "fresh");
    expect(db).toMatchObject({
      DBInstanceStatus: "available",
      DBInstanceArn: `arn:aws:rds:${HOME}:111111111111:db:fresh`,
      Engine: "postgres",
      Endpoint: { Port: 5432 },
      VpcSecurityGroups: [{ VpcSecurityGroupId: "default", Status: "active" }],
      TagList: [{ Key: "sla", Value: "acme" }],
    });
    expect(endpointOf(db)).toMatch(/^fresh\.[0-9a-z]{12}\.eu-central-2\.rds\.amazonaws\.com$/);
    expect(statuses("fresh")).toEqual(["creating", "backing-up", "available"]);
    const client = await cloud.connect(endpointOf(db), { database: "acme" });
    const { rows } = await client.query(
      "select rolsuper from pg_roles where rolname = current_user",
    );
    expect(rows).toEqual([{ rolsuper: false }]);
    await client.query(
      "create schema app; create role app login; grant pg_monitor, pg_signal_backend to app",
    );
    await client.end();
  });

  it("refuses new connections by its security groups and leaves established ones alone", async () => {
    const db = await create("guarded", { VpcSecurityGroupIds: ["sg-open"] });
    const established = await cloud.connect(endpointOf(db));
    const change = { DBInstanceIdentifier: "guarded", VpcSecurityGroupIds: ["sg-quarantine"] };
    await cloud.client(HOME).send(new ModifyDBInstanceCommand(change));
    await vi.waitFor(async () => {
      expect((await look(HOME, "guarded")).VpcSecurityGroups).toEqual([
        { VpcSecurityGroupId: "sg-quarantine", Status: "active" },
      ]);
    }, WITHIN);
    await expect(cloud.connect(endpointOf(db), KEPT_OUT)).rejects.toThrow("timeout");
    await expect(established.query("select 1 as one")).resolves.toMatchObject({
      rows: [{ one: 1 }],
    });
    const functions = cloud.addresses.next("functions");
    cloud.groups.bind(functions, ["sg-functions"]);
    const host = cloud.names.get(endpointOf(db)) ?? "";
    const admitted = await fromAddress(functions, host);
    expect(admitted).toBe(true);
    await established.end();
  });

  it("really restarts when rebooted, and its sessions end", async () => {
    const db = await create("rebooted");
    const session = await cloud.connect(endpointOf(db));
    const ended = endOf(session);
    await cloud
      .client(HOME)
      .send(new RebootDBInstanceCommand({ DBInstanceIdentifier: "rebooted" }));
    await expect(look(HOME, "rebooted")).resolves.toMatchObject({ DBInstanceStatus: "rebooting" });
    await cloud.rds.settled(HOME, "rebooted");
    await ended;
    await (await cloud.connect(endpointOf(db))).end();
    await remove(HOME, "rebooted");
  });

  it("stops and starts, and while stopped can only be started", async () => {
    const db = await create("resting");
    const id = { DBInstanceIdentifier: "resting" };
    await cloud.client(HOME).send(new StopDBInstanceCommand(id));
    await cloud.rds.settled(HOME, "resting");
    await expect(cloud.connect(endpointOf(db))).rejects.toThrow();
    await expect(cloud.client(HOME).send(new RebootDBInstanceCommand(id))).rejects.toMatchObject({
      name: "InvalidDBInstanceStateFault",
    });
    await cloud.client(HOME).send(new StartDBInstanceCommand(id));
    await cloud.rds.settled(HOME, "resting");
    await (await cloud.connect(endpointOf(db))).end();
    expect(statuses("resting").slice(3)).toEqual(["stopping", "stopped", "starting", "available"]);
    await remove(HOME, "resting");
  });

  it("changes its master password", async () => {
    const db = await create("rekeyed");
    const MasterUserPassword = "battery-staple";
    const input = { DBInstanceIdentifier: "rekeyed", MasterUserPassword };
    await cloud.client(HOME).send(new ModifyDBInstanceCommand(input));
    await cloud.rds.settled(HOME, "rekeyed");
    await expect(cloud.connect(endpointOf(db))).rejects.toThrow("password authentication failed");
    await (await cloud.connect(endpointOf(db), { password: MasterUserPassword })).end();
    await remove(HOME, "rekeyed");
  });

  it("is gone with its name, processes and data when deleted, unless it is protected", async () => {
    const db = await create("doomed", { DeletionProtection: true });
    const { address } = cloud.rds.server(HOME, "doomed");
    const [row] = await cloud.rds.adminQuery(
      HOME,
      "doomed",
      "select pg_read_file('postmaster.pid') as lock, current_setting('data_directory') as directory",
    );
    const pid = Number(String(row?.["lock"]).split("\n")[0]);
    await expect(remove(HOME, "doomed")).rejects.toMatchObject({
      name: "InvalidParameterCombination",
    });
    const input = { DBInstanceIdentifier: "doomed", DeletionProtection: false };
    await cloud.client(HOME).send(new ModifyDBInstanceCommand(input));
    await cloud.rds.settled(HOME, "doomed");
    await remove(HOME, "doomed");
    await expect(look(HOME, "doomed")).resolves.toMatchObject({ DBInstanceStatus: "deleting" });
    await vi.waitFor(async () => {
      await expect(look(HOME, "doomed")).rejects.toMatchObject({ name: "DBInstanceNotFoundFault" });
    }, WITHIN);
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(String(row?.["directory"]))).toBe(false);
    expect(cloud.names.has(endpointOf(db))).toBe(false);
    await expect(cloud.connect(address)).rejects.toThrow("ECONNREFUSED");
  });

  it("fails in one clear line when its port is taken", async () => {
    const squatted = await create("squatted");
    const { address } = cloud.rds.server(HOME, "squatted");
    await cloud.rds.kill(HOME, "squatted");
    const squatter = createServer().listen(15_432, address);
    await once(squatter, "listening");
    await expect(cloud.rds.revive(HOME, "squatted")).rejects.toThrow(
      `PostgreSQL of squatted in ${HOME} does not start on ${address}:15432`,
    );
    await cloud
      .client(HOME)
      .send(new RebootDBInstanceCommand({ DBInstanceIdentifier: "squatted" }));
    await expect(cloud.rds.settled(HOME, "squatted")).rejects.toThrow("Address already in use");
    await expect(look(HOME, "squatted")).resolves.toMatchObject({ DBInstanceStatus: "failed" });
    await new Promise((done) => squatter.close(done));
    expect(endpointOf(squatted)).not.toBe("");
  });

  it("can be tagged, and tells what happened to it", async () => {
    const { DBInstanceArn: ResourceName } = await create("told");
    const client = cloud.client(HOME);
    const Tags = [
      { Key: "a", Value: "1" },
      { Key: "b", Value: "2" },
    ];
    await client.send(new AddTagsToResourceCommand({ ResourceName, Tags }));
    await client.send(
      new AddTagsToResourceCommand({ ResourceName, Tags: [{ Key: "a", Value: "3" }] }),
    );
    await client.send(new RemoveTagsFromResourceCommand({ ResourceName, TagKeys: ["b"] }));
    await expect(
      client.send(new ListTagsForResourceCommand({ ResourceName })),
    ).resolves.toMatchObject({
      TagList: [{ Key: "a", Value: "3" }],
    });
    const { Events = [] } = await client.send(
      new DescribeEventsCommand({ SourceIdentifier: "told", SourceType: "db-instance" }),
    );
    expect(Events.map(({ Message }) => Message)).toEqual([
      "Backing up DB instance",
      "Finished DB instance backup",
      "DB instance created",
    ]);
    await remove(HOME, "told");
  });
});

describe("a read replica", () => {
  it("streams, and is promoted to a primary that accepts writes after the old one was killed", async () => {
    const source = await create("acme-db");
    const replica = await replicate(source, "acme-db-standby");
    expect(replica).toMatchObject({
      ReadReplicaSourceDBInstanceIdentifier: source.DBInstanceArn,
      StatusInfos: [{ StatusType: "read replication", Normal: true, Status: "replicating" }],
    });
    await expect(look(HOME, "acme-db")).resolves.toMatchObject({
      ReadReplicaDBInstanceIdentifiers: [replica.DBInstanceArn],
    });
    const writer = await cloud.connect(endpointOf(source));
    await writer.query("create table t (id int)");
    await writer.query("insert into t values (1)");
    const reader = await cloud.connect(endpointOf(replica));
    await vi.waitFor(async () => {
      expect((await reader.query("select id from t")).rows).toEqual([{ id: 1 }]);
    }, WITHIN);
    await expect(reader.query("insert into t values (2)")).rejects.toThrow("read-only");

    await cloud.rds.kill(HOME, "acme-db");
    await expect(look(HOME, "acme-db")).resolves.toMatchObject({ DBInstanceStatus: "available" });
    await expect(cloud.connect(endpointOf(source))).rejects.toThrow();

    const readerEnded = endOf(reader);
    const promotion = { DBInstanceIdentifier: "acme-db-standby", BackupRetentionPeriod: 7 };
    const answer = await cloud.client(STANDBY).send(new PromoteReadReplicaCommand(promotion));
    expect(answer.DBInstance).toMatchObject({ DBInstanceStatus: "available" });
    await cloud.rds.settled(STANDBY, "acme-db-standby");
    await readerEnded;
    const promoted = await look(STANDBY, "acme-db-standby");
    expect(promoted).toMatchObject({ DBInstanceStatus: "available", BackupRetentionPeriod: 7 });
    expect(promoted.ReadReplicaSourceDBInstanceIdentifier).toBeUndefined();
    expect(promoted.StatusInfos ?? []).toEqual([]);
    expect(statuses("acme-db-standby")).toEqual([
      "creating",
      "available",
      "modifying",
      "rebooting",
      "backing-up",
      "available",
    ]);
    const client = await cloud.connect(endpointOf(promoted));
    await client.query("insert into t values (3)");
    expect((await client.query("select id from t order by id")).rows).toEqual([
      { id: 1 },
      { id: 3 },
    ]);
    await client.end();

    // Split brain is the default: nothing stops an old primary that comes back.
    await cloud.rds.revive(HOME, "acme-db");
    const old = await cloud.connect(endpointOf(source));
    await old.query("insert into t values (4)");
    await old.end();
    await expect(look(HOME, "acme-db")).resolves.toMatchObject({ DBInstanceStatus: "available" });
  });

  it("forbids its source and itself to be stopped, and only replicas can be promoted", async () => {
    const source = await create("pair");
    await replicate(source, "pair-standby");
    const refused = { name: "InvalidDBInstanceStateFault" };
    const stop = (region: string, DBInstanceIdentifier: string) =>
      cloud.client(region).send(new StopDBInstanceCommand({ DBInstanceIdentifier }));
    await expect(stop(HOME, "pair")).rejects.toMatchObject(refused);
    await expect(stop(STANDBY, "pair-standby")).rejects.toMatchObject(refused);
    const promote = new PromoteReadReplicaCommand({ DBInstanceIdentifier: "pair" });
    await expect(cloud.client(HOME).send(promote)).rejects.toMatchObject(refused);

    const slots = "select count(*)::int from pg_replication_slots";
    await expect(cloud.rds.adminQuery(HOME, "pair", slots)).resolves.toEqual([{ count: 1 }]);
    await remove(STANDBY, "pair-standby");
    await vi.waitFor(async () => {
      await expect(cloud.rds.adminQuery(HOME, "pair", slots)).resolves.toEqual([{ count: 0 }]);
    }, WITHIN);
    await remove(HOME, "pair");
  });

  it("receives nothing while its region or its primary's is cut off, and catches up afterwards", async () => {
    const source = await create("far");
    await replicate(source, "far-standby");
    const count = async (region: string, id: string) =>
      (await cloud.rds.adminQuery(region, id, "select count(*)::int from t"))[0]?.["count"];
    await cloud.rds.adminQuery(HOME, "far", "create table t (id int)");
    await vi.waitFor(async () => expect(await count(STANDBY, "far-standby")).toBe(0), WITHIN);
    for (const [rows, region] of [HOME, STANDBY].entries()) {
      cloud.rds.cutOff(region);
      await cloud.rds.adminQuery(HOME, "far", "insert into t values (1)");
      const name = endpointOf(await look(region, region === HOME ? "far" : "far-standby"));
      // The client's time-out is also the time in which nothing may arrive.
      await expect(cloud.connect(name, KEPT_OUT)).rejects.toThrow("timeout");
      expect(await count(STANDBY, "far-standby")).toBe(rows);
      cloud.rds.reconnect(region);
      await vi.waitFor(
        async () => expect(await count(STANDBY, "far-standby")).toBe(rows + 1),
        WITHIN,
      );
    }
    await remove(STANDBY, "far-standby");
    await remove(HOME, "far");
  });
});

describe("faults", () => {
  it("revive a killed server by themselves when asked, RDS saying available all the time", async () => {
    const db = await create("phoenix");
    await cloud.rds.kill(HOME, "phoenix", { restartsAfterMs: 50 });
    await vi.waitFor(async () => (await cloud.connect(endpointOf(db))).end(), WITHIN);
    expect(statuses("phoenix").at(-1)).toBe("available");
    const operations = cloud.log
      .all()
      .filter(({ detail }) => detail["instance"] === "phoenix")
      .map(({ operation }) => operation);
    expect(operations.slice(-2)).toEqual(["ServerKilled", "ServerRevived"]);
  });

  it("leave an isolated server to its own network and to its standby", async () => {
    const source = await create("island");
    await replicate(source, "island-standby");
    const inside = cloud.addresses.next("function");
    cloud.groups.bind(inside, ["sg-functions"]);
    const name = endpointOf(source);
    const outside = await cloud.connect(name, { query_timeout: 200 });
    cloud.rds.isolate(HOME, "island");
    await expect(fromAddress(inside, cloud.names.get(name) ?? "")).resolves.toBe(true);
    await cloud.rds.adminQuery(HOME, "island", "create table t as select 1 as n");
    const replicated = () => cloud.rds.adminQuery(STANDBY, "island-standby", "select n from t");
    await vi.waitFor(async () => expect(await replicated()).toEqual([{ n: 1 }]), WITHIN);
    await expect(outside.query("select 1")).rejects.toThrow("timeout");
    await expect(cloud.connect(name, KEPT_OUT)).rejects.toThrow("timeout");
    cloud.rds.rejoin(HOME, "island");
    await (await cloud.connect(name)).end();
    await outside.end();
    await remove(STANDBY, "island-standby");
    await remove(HOME, "island");
  });

  it("starve a replica that serves on, and feed it what it missed", async () => {
    await replicate(await create("full"), "hungry");
    const rows = () => cloud.rds.adminQuery(STANDBY, "hungry", "select n from t");
    await cloud.rds.adminQuery(HOME, "full", "create table t (n int)");
    await vi.waitFor(async () => expect(await rows()).toEqual([]), WITHIN);
    cloud.rds.starve(STANDBY, "hungry");
    await cloud.rds.adminQuery(HOME, "full", "insert into t values (1)");
    await (await cloud.connect(endpointOf(await look(STANDBY, "hungry")))).end();
    const sent =
      "select pg_current_wal_lsn() > coalesce(replay_lsn, '0/0') as ahead from pg_stat_replication";
    expect(await cloud.rds.adminQuery(HOME, "full", sent)).toEqual([{ ahead: true }]);
    expect(await rows()).toEqual([]);
    cloud.rds.feed(STANDBY, "hungry");
    await vi.waitFor(async () => expect(await rows()).toEqual([{ n: 1 }]), WITHIN);
    await remove(STANDBY, "hungry");
    await remove(HOME, "full");
  });

  it("let a paused server accept connections and answer nothing", async () => {
    const { Endpoint } = await look(HOME, "phoenix");
    cloud.rds.pause(HOME, "phoenix");
    await expect(cloud.connect(Endpoint?.Address ?? "", KEPT_OUT)).rejects.toThrow("timeout");
    cloud.rds.resume(HOME, "phoenix");
    await vi.waitFor(async () => (await cloud.connect(Endpoint?.Address ?? "")).end(), WITHIN);
    await remove(HOME, "phoenix");
  });
});

describe("the API", () => {
  const send = (input: Partial<CreateDBInstanceCommandInput>) =>
    cloud.client(HOME).send(new CreateDBInstanceCommand(wanted("refused", input)));

  it.for([
    [
      "an unknown security group",
      { VpcSecurityGroupIds: ["sg-nobody"] },
      "InvalidParameterValue",
      "sg-nobody",
    ],
    ["another engine", { Engine: "mysql" }, "InvalidParameterValue", "mysql"],
    [
      "a version there are no binaries for",
      { EngineVersion: "16.3" },
      "InvalidParameterCombination",
      "16.3",
    ],
    [
      "an identifier with two hyphens",
      { DBInstanceIdentifier: "a--b" },
      "InvalidParameterValue",
      "a--b",
    ],
    [
      "a short password",
      { MasterUserPassword: "short" },
      "InvalidParameterValue",
      "MasterUserPassword",
    ],
    ["a reserved user", { MasterUsername: "rdsadmin" }, "InvalidParameterValue", "rdsadmin"],
    ["a retention of 36 days", { BackupRetentionPeriod: 36 }, "InvalidParameterValue", "36"],
    ["a parameter it does not simulate", { Domain: "d-1" }, "InvalidParameterValue", "Domain"],
    [
      "a name that is taken",
      { DBInstanceIdentifier: "fresh" },
      "DBInstanceAlreadyExistsFault",
      "exists",
    ],
  ] as const)("refuses %s", async ([, input, name, says]) => {
    const refusal = send(input as Partial<CreateDBInstanceCommandInput>);
    await expect(refusal).rejects.toMatchObject({ name, message: expect.stringContaining(says) });
    await expect(look(HOME, "refused")).rejects.toMatchObject({ name: "DBInstanceNotFoundFault" });
  });

  it("keeps regions apart", async () => {
    await expect(look(STANDBY, "fresh")).rejects.toMatchObject({ name: "DBInstanceNotFoundFault" });
  });

  it("filters by identifier and refuses filters it does not have", async () => {
    const list = async (Name: string) => {
      const Filters = [{ Name, Values: ["fresh", "guarded", "nobody"] }];
      const command = new DescribeDBInstancesCommand({ Filters });
      const { DBInstances = [] } = await cloud.client(HOME).send(command);
      return DBInstances.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier);
    };
    await expect(list("db-instance-id")).resolves.toEqual(["fresh", "guarded"]);
    await expect(list("color")).rejects.toMatchObject({ name: "InvalidParameterValue" });
  });

  it("pages through what paginators ask for", async () => {
    const pages = paginateDescribeDBInstances({ client: cloud.client(HOME), pageSize: 20 }, {});
    const ids = (await Array.fromAsync(pages)).flatMap(({ DBInstances = [] }) => DBInstances);
    expect(ids.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier)).toContain("fresh");
    const small = new DescribeDBInstancesCommand({ MaxRecords: 5 });
    await expect(cloud.client(HOME).send(small)).rejects.toMatchObject({
      name: "InvalidParameterValue",
    });
  });
});

/** Whether something connecting from `address` hears anything of the server. */
async function fromAddress(address: string, host: string): Promise<boolean> {
  const socket = connect({ host, port: 5432, localAddress: address });
  await once(socket, "connect");
  // SSLRequest: the server answers with one byte.
  socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]));
  const [byte] = await once(socket, "data");
  socket.destroy();
  return String(byte) === "S";
}
