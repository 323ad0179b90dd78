import dns from "node:dns";
import tls from "node:tls";
import {
  CreateDBInstanceCommand,
  CreateDBInstanceReadReplicaCommand,
  PromoteReadReplicaCommand,
} from "@aws-sdk/client-rds";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { changedSince } from "../../../functions/failover/counted.ts";
import { sever } from "../../../functions/failover/isolate.ts";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import type {
  Divergence,
  Reading,
  SqlRequest,
  SqlResult,
  SqlTarget,
  Storage,
} from "../../../functions/sql/contract.ts";
import { handleSql } from "../../../functions/sql/handle.ts";
import { Logins } from "../../../functions/sql/logins.ts";
import { postgresServers } from "../../../functions/sql/postgres.ts";
import { PREPARE_SQL } from "../../../functions/sql/prepare.sql.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";
import { MemoryLedgers } from "../../fakes/ledger.ts";
import { type Cloud, HOME, PASSWORD, STANDBY, startCloud } from "../../local-cloud/rds/cloud.ts";

const clock = clockFrom({ SLA_PACE: "2" });
let password = "beats";
const secrets = { read: async () => JSON.stringify({ username: "sla", password }) };
const servers = postgresServers(new Logins(secrets, clock), clock);

/** As a fence does it. */
async function severing(to: SqlTarget) {
  const { host, port } = to;
  const state = { status: "available", endpoint: { host, port }, groups: [], replication: [] };
  return sever(
    {
      ...{ region: HOME, clock, fleet: fleetOf([]), ledgers: new MemoryLedgers().at },
      registry: {
        describe: async () => ({ ...state, backupRetentionDays: 7, replicas: [], tags: {} }),
      },
      sql: { ask: async <T>(_region: string, request: SqlRequest) => ask<T>(request) },
      fence: { admitOnly: async () => "accepted", reboot: async () => "accepted" },
    },
    {
      instance: instance("acme", {
        database: { primary: "acme-db", name: to.database, secret: to.secret },
      }),
      seat: { region: HOME, database: "acme-db" },
    },
  );
}

/** A starved machine takes its time. */
const PATIENCE = { timeout: 20_000 };

let cloud: Cloud;
let primary: SqlTarget;
let standby: SqlTarget;

beforeAll(async () => {
  cloud = await startCloud();
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), cloud.authority.caPem]);
  const lookup = dns.lookup as (...all: unknown[]) => void;
  vi.spyOn(dns, "lookup").mockImplementation(((name: string, ...rest: unknown[]) =>
    lookup(cloud.names.get(name) ?? name, ...rest)) as typeof dns.lookup);
  primary = await database("acme-db");
  await prepare(primary);
  await cloud.client(STANDBY).send(
    new CreateDBInstanceReadReplicaCommand({
      DBInstanceIdentifier: "acme-db-standby",
      SourceDBInstanceIdentifier: `arn:aws:rds:${HOME}:111111111111:db:acme-db`,
    }),
  );
  await cloud.rds.settled(STANDBY, "acme-db-standby");
  standby = target("acme-db-standby");
});
afterAll(() => cloud.close());

async function database(id: string): Promise<SqlTarget> {
  await cloud.client(HOME).send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: id,
      DBInstanceClass: "db.t4g.micro",
      AllocatedStorage: 20,
      Engine: "postgres",
      MasterUsername: "postgres",
      MasterUserPassword: PASSWORD,
    }),
  );
  await cloud.rds.settled(HOME, id);
  return target(id);
}

function target(id: string): SqlTarget {
  const host = [...cloud.names.keys()].find((name) => name.startsWith(`${id}.`));
  if (host === undefined) throw new Error(`${id} has no endpoint`);
  return { instance: id, host, port: 5432, database: "postgres", secret: "acme-db/sla" };
}

async function asMaster<T>({ host }: SqlTarget, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await cloud.connect(host);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const prepare = (one: SqlTarget) =>
  asMaster(one, async (client) => {
    await client.query(PREPARE_SQL);
    await client.query("alter role sla password 'beats'");
  });

async function ask<T>(request: SqlRequest): Promise<SqlResult<T>> {
  const [result] = (await handleSql(request, servers, clock)).results;
  if (!result) throw new Error("one target, one result");
  return result as SqlResult<T>;
}

const read = (one: SqlTarget) => ask<Reading>({ operation: "read", targets: [one] });
const beat = (one: SqlTarget) => ask({ operation: "beat", targets: [one] });
const prove = (one: SqlTarget) =>
  ask({ operation: "prove", targets: [one], epoch: 2, execution: "fo-acme-e1" });

describe("a prepared primary with its standby", () => {
  it("takes heartbeats that the standby shows with its own positions", async () => {
    expect(await beat(primary)).toMatchObject({ ok: true, value: { sequence: 1 } });
    expect(await beat(primary)).toMatchObject({ ok: true, value: { sequence: 2 } });
    await vi.waitFor(
      async () =>
        expect(await read(standby)).toMatchObject({
          ok: true,
          value: { inRecovery: true, streaming: true, undrainedBytes: 0, beat: { sequence: 2 } },
        }),
      PATIENCE,
    );
    expect(await read(primary)).toMatchObject({
      ok: true,
      value: { inRecovery: false, streaming: false, receivedLsn: expect.stringMatching(/\//) },
    });
  });

  it("may be prepared again without harm", async () => {
    await prepare(primary);
    expect(await beat(primary)).toMatchObject({ ok: true, value: { sequence: 3 } });
  });

  it("counts and ends the sessions of clients and leaves ours alone", async () => {
    const client = new Client({
      ...cloud.rds.server(HOME, "acme-db").connection,
      user: "postgres",
      password: PASSWORD,
    });
    const ended = new Promise((done) => client.once("end", done));
    client.on("error", () => undefined);
    await client.connect();
    expect(await read(primary)).toMatchObject({ value: { sessions: 1 } });
    expect(await ask({ operation: "sever", targets: [primary] })).toMatchObject({
      value: { ended: 1, left: 0 },
    });
    await ended;
    expect(await read(primary)).toMatchObject({ value: { sessions: 0 } });
  });

  it("listens to a session once, however often it is used", async () => {
    const warnings: Error[] = [];
    const hear = (warning: Error) => warnings.push(warning);
    process.on("warning", hear);
    for (let use = 0; use < 12; use++)
      await servers.use(primary, (session) => session.query("select 1"));
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", hear);
    expect(warnings).toEqual([]);
  });

  it("proves that it writes, as often as it is asked", async () => {
    expect(await prove(primary)).toMatchObject({ ok: true, value: { inRecovery: false } });
    expect(await prove(primary)).toMatchObject({ ok: true });
  });

  it("refuses the proof while it is in recovery", async () => {
    expect(await prove(standby)).toMatchObject({
      ok: false,
      failure: { kind: "refused", code: "25006" },
    });
  });

  it("finds the rows it took after its standby had heard the last of it", async () => {
    await asMaster(primary, async (client) => {
      await client.query("create table notes (id int primary key, words text)");
      await client.query("create table hidden (id int)");
      await client.query("create table veiled (id int)");
      await client.query("alter table veiled enable row level security");
      await client.query("grant select on veiled to sla");
      await client.query("insert into notes select n, 'seen' from generate_series(1, 3) n");
      await client.query("grant select on notes to sla");
    });
    const open = await cloud.connect(primary.host);
    await open.query("begin");
    await open.query("insert into notes values (4, 'under way')");
    const seen = "select count(*)::int from notes";
    await vi.waitFor(
      async () =>
        expect(await cloud.rds.adminQuery(STANDBY, "acme-db-standby", seen)).toEqual([
          { count: 3 },
        ]),
      PATIENCE,
    );
    const heard = await read(standby);
    const before = await ask<Storage>({ operation: "storage", targets: [primary] });
    expect(before).toMatchObject({ ok: true, value: { unreadTables: 1 } });
    const horizon = heard.ok ? (heard.value.horizon ?? "") : "";
    await open.query("commit");
    await open.query("update notes set words = 'late' where id = 2");
    await open.query("delete from notes where id = 3");
    await open.query("insert into hidden values (1)");
    await open.query("insert into veiled values (1)");
    await open.end();
    const diverged = await ask({ operation: "diverge", targets: [primary], horizon });
    expect(diverged).toMatchObject({
      ok: true,
      value: {
        tables: [{ table: "public.notes", count: 2 }],
        unread: expect.arrayContaining([
          { table: "public.hidden", because: expect.stringMatching(/permission denied/) },
          { table: "public.veiled", because: expect.stringMatching(/row-level security/) },
        ]),
      },
    });
    const counted = diverged.ok ? (diverged.value as Divergence).changed : undefined;
    const least = (before.ok ? before.value.changed?.deleted : undefined) ?? 0;
    expect(counted?.deleted).toBeGreaterThan(least);
    const [notes] = diverged.ok ? (diverged.value as Divergence).tables : [];
    expect(notes?.rows).toEqual(
      expect.arrayContaining([
        { id: 2, words: "late" },
        { id: 4, words: "under way" },
      ]),
    );
  });

  it("says how much log it keeps for a standby that fetches none", {
    timeout: 60_000,
  }, async () => {
    const storage = () => ask<Storage>({ operation: "storage", targets: [primary] });
    const kept = async () => {
      const said = await storage();
      return said.ok ? said.value.retainedBytes : Number.NaN;
    };
    expect(await storage()).toMatchObject({ ok: true, value: { isFetched: true } });
    expect(await kept()).toBeLessThan(2 ** 24);
    cloud.rds.starve(STANDBY, "acme-db-standby");
    await asMaster(primary, (client) =>
      client.query(
        "create table ballast as select md5(n::text) as row from generate_series(1, 400000) n",
      ),
    );
    expect(await kept()).toBeGreaterThan(2 ** 24);
    expect(await storage()).toMatchObject({ value: { databaseBytes: expect.any(Number) } });
    cloud.rds.feed(STANDBY, "acme-db-standby");
    await vi.waitFor(async () => expect(await kept()).toBeLessThan(2 ** 24), PATIENCE);
    await asMaster(primary, (client) => client.query("drop table ballast"));
    expect(await ask({ operation: "storage", targets: [standby] })).toMatchObject({
      value: { retainedBytes: 0 },
    });
  });

  it("is let in again after the password was rotated", async () => {
    await asMaster(primary, (client) => client.query("alter role sla password 'rotated'"));
    const fresh = postgresServers(new Logins(secrets, clock), clock);
    await fresh.use(primary, async () => undefined).catch(() => undefined);
    password = "rotated";
    await expect(fresh.use(primary, async () => "in")).resolves.toBe("in");
  });
});

describe("a server that is not as it should be", () => {
  it("has no heartbeat if nobody prepared it, and lets in nobody it does not know", async () => {
    const bare = await database("bare-db");
    expect(await read(bare)).toMatchObject({ ok: false, failure: { kind: "refused" } });
    await asMaster(bare, (client) =>
      client.query("create role sla login password 'rotated'; grant pg_monitor to sla"),
    );
    const reading = await read(bare);
    expect(reading).toMatchObject({ ok: true, value: { inRecovery: false } });
    expect(reading).not.toHaveProperty("value.beat");
    expect(await beat(bare)).toMatchObject({ ok: false, failure: { kind: "refused" } });
  });

  it("is unreachable where no name leads", async () => {
    const nowhere = { ...primary, host: "nowhere.invalid" };
    expect(await read(nowhere)).toMatchObject({ ok: false, failure: { kind: "unreachable" } });
  });

  it("is refused when its certificate is another's", async () => {
    cloud.names.set("other.example", cloud.names.get(primary.host) ?? "");
    expect(await read({ ...primary, host: "other.example" })).toMatchObject({
      ok: false,
      failure: { kind: "refused", code: "ERR_TLS_CERT_ALTNAME_INVALID" },
    });
  });

  it("times out while it is stopped, and answers when it goes on", async () => {
    cloud.rds.pause(STANDBY, "acme-db-standby");
    expect(await read(standby)).toMatchObject({ ok: false, failure: { kind: "timed-out" } });
    expect(await read(standby)).toMatchObject({ ok: false, failure: { kind: "timed-out" } });
    cloud.rds.resume(STANDBY, "acme-db-standby");
    expect(await read(standby)).toMatchObject({ ok: true });
  });

  it("is unreachable when it is killed, while the standby keeps the last heartbeat", async () => {
    await read(primary);
    await cloud.rds.kill(HOME, "acme-db");
    expect(await read(primary)).toMatchObject({ ok: false, failure: { kind: "unreachable" } });
    // Its host says that nobody listens: no session is left, and a fence of it is whole.
    expect(await severing(primary)).toEqual({ kind: "closed" });
    await vi.waitFor(
      async () =>
        expect(await read(standby)).toMatchObject({
          value: { streaming: false, beat: { sequence: 3 } },
        }),
      PATIENCE,
    );
    const promote = { DBInstanceIdentifier: "acme-db-standby" };
    await cloud.client(STANDBY).send(new PromoteReadReplicaCommand(promote));
    await cloud.rds.settled(STANDBY, "acme-db-standby");
    expect(await prove(standby)).toMatchObject({ ok: true });
    expect(await beat(standby)).toMatchObject({ ok: true, value: { sequence: 4 } });
  });

  it("has forgotten after a crash what it had counted, which its count says", async () => {
    const changed = async () => {
      const said = await ask<Storage>({ operation: "storage", targets: [standby] });
      return said.ok ? said.value.changed : undefined;
    };
    const before = await changed();
    expect(changedSince(before, await changed())).toBeDefined();
    await cloud.rds.kill(STANDBY, "acme-db-standby");
    await cloud.rds.revive(STANDBY, "acme-db-standby");
    await vi.waitFor(async () => expect(await changed()).toBeDefined(), PATIENCE);
    expect(changedSince(before, await changed())).toBeUndefined();
  });
});
