import dns from "node:dns";
import tls from "node:tls";
import {
  CreateDBInstanceCommand,
  CreateDBInstanceReadReplicaCommand,
  PromoteReadReplicaCommand,
} from "@aws-sdk/client-rds";
import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import type {
  Beat,
  Divergence,
  Figures,
  Reading,
  SqlRequest,
  SqlResult,
  SqlTarget,
  Storage,
} from "../../../functions/sql/contract.ts";
import { serversOfEngines } from "../../../functions/sql/engines.ts";
import { handleSql } from "../../../functions/sql/handle.ts";
import { Logins } from "../../../functions/sql/logins.ts";
import { mariadbBinaries, WITHOUT_MARIADB } from "../../../lib/local-cloud/mariadb/binaries.ts";
import { primaryServer } from "../../../lib/operator/adopting/server.ts";
import { hasReached } from "../../../lib/sla/log-position.ts";
import { type Cloud, HOME, PASSWORD, STANDBY, startCloud } from "../../local-cloud/rds/cloud.ts";

const hasMariadb = (await mariadbBinaries()) !== undefined;
if (!hasMariadb) console.log(`MariaDB asked by our functions: skipped, ${WITHOUT_MARIADB}`);

const clock = clockFrom({ SLA_PACE: "1" });
let password = "beats";
const secrets = { read: async () => JSON.stringify({ username: "sla", password }) };
const servers = serversOfEngines(new Logins(secrets, clock), clock);
const LOGIN = { username: "sla", password: "beats" };
const MASTER = { username: "admin", password: PASSWORD };
/** A starved machine takes its time. */
const PATIENCE = { timeout: 60_000, interval: 200 };

async function ask<T>(request: SqlRequest, of = servers): Promise<SqlResult<T>> {
  const [result] = (await handleSql(request, of, clock)).results;
  if (!result) throw new Error("one target, one result");
  return result as SqlResult<T>;
}

const read = (one: SqlTarget) => ask<Reading>({ operation: "read", targets: [one] });
const beat = (one: SqlTarget) => ask<Beat>({ operation: "beat", targets: [one] });
const prove = (one: SqlTarget) =>
  ask({ operation: "prove", targets: [one], epoch: 2, execution: "fo-acme-e1" });
const reading = async (one: SqlTarget) => {
  const said = await read(one);
  if (!said.ok) throw new Error(said.failure.message);
  return said.value;
};

describe.skipIf(!hasMariadb)("a MariaDB primary with its standby", { timeout: 180_000 }, () => {
  let cloud: Cloud;
  let primary: SqlTarget;
  let standby: SqlTarget;

  beforeAll(async () => {
    cloud = await startCloud();
    tls.setDefaultCACertificates([...tls.getCACertificates("default"), cloud.authority.caPem]);
    const lookup = dns.lookup as (...all: unknown[]) => void;
    vi.spyOn(dns, "lookup").mockImplementation(((name: string, ...rest: unknown[]) =>
      lookup(cloud.names.get(name) ?? name, ...rest)) as typeof dns.lookup);
    await cloud.client(HOME).send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: "acme-db",
        DBInstanceClass: "db.t4g.micro",
        AllocatedStorage: 20,
        Engine: "mariadb",
        MasterUsername: "admin",
        MasterUserPassword: PASSWORD,
        DBName: "shop",
      }),
    );
    await cloud.rds.settled(HOME, "acme-db");
    primary = target("acme-db");
    const reached = { ...primary, engine: "mariadb" as const };
    const wish = { login: LOGIN, readsRows: true };
    expect(await primaryServer(clock).prepare(reached, MASTER, wish)).toBeUndefined();
    await cloud.client(STANDBY).send(
      new CreateDBInstanceReadReplicaCommand({
        DBInstanceIdentifier: "acme-db-standby",
        SourceDBInstanceIdentifier: `arn:aws:rds:${HOME}:111111111111:db:acme-db`,
      }),
    );
    await cloud.rds.settled(STANDBY, "acme-db-standby");
    standby = target("acme-db-standby");
  }, 180_000);
  afterAll(() => cloud.close());

  function target(id: string): SqlTarget {
    const host = [...cloud.names.keys()].find((name) => name.startsWith(`${id}.`));
    if (host === undefined) throw new Error(`${id} has no endpoint`);
    const at = { host, port: 3306, database: "shop", secret: "acme-db/sla" };
    return { instance: id, engine: "mariadb", ...at };
  }

  const asMaster = (): Promise<Connection> =>
    createConnection({
      host: cloud.names.get(primary.host) ?? primary.host,
      ...{ user: "admin", password: PASSWORD, database: "shop" },
    });

  it("takes heartbeats that the standby shows, at the position where the primary is", async () => {
    expect(await beat(primary)).toMatchObject({ ok: true, value: { sequence: 1 } });
    expect(await beat(primary)).toMatchObject({ ok: true, value: { sequence: 2 } });
    const written = await reading(primary);
    expect(written).toMatchObject({
      inRecovery: false,
      streaming: false,
      receivedLsn: expect.stringMatching(/^mysql-bin-changelog\.\d+:\d+$/),
      horizon: expect.stringMatching(/^0-\d+-\d+$/),
    });
    expect(Math.abs(Date.parse(written.now) - Date.now())).toBeLessThan(5000);
    await vi.waitFor(async () => {
      const there = await reading(standby);
      expect(there).toMatchObject({
        ...{ inRecovery: true, streaming: true, undrainedBytes: 0, beat: { sequence: 2 } },
      });
      expect(hasReached(there.replayedLsn, written.receivedLsn)).toBe(true);
    }, PATIENCE);
  });

  it("says how much the standby has received and not applied", async () => {
    const lock = await createConnection({
      ...{ host: cloud.names.get(standby.host) ?? standby.host, user: "admin", password: PASSWORD },
    });
    await lock.query("lock tables hosting_sla.heartbeat read");
    await beat(primary);
    await vi.waitFor(async () => {
      const there = await reading(standby);
      expect(there.undrainedBytes).toBeGreaterThan(0);
      expect(hasReached(there.replayedLsn, there.receivedLsn)).toBe(false);
    }, PATIENCE);
    await lock.end();
    await vi.waitFor(
      async () => expect(await reading(standby)).toMatchObject({ undrainedBytes: 0 }),
      PATIENCE,
    );
  });

  it("counts and ends the sessions of clients and leaves ours and the standby alone", async () => {
    const client = await asMaster();
    client.on("error", () => undefined);
    expect(await reading(primary)).toMatchObject({ sessions: 1 });
    expect(await ask({ operation: "sever", targets: [primary] })).toMatchObject({
      value: { ended: 1, left: 0 },
    });
    await expect(client.query("select 1")).rejects.toThrow();
    expect(await reading(primary)).toMatchObject({ sessions: 0 });
    expect(await reading(standby)).toMatchObject({ streaming: true });
  });

  it("proves that it writes, as often as it is asked, which the standby refuses", async () => {
    expect(await prove(primary)).toMatchObject({ ok: true, value: { inRecovery: false } });
    expect(await prove(primary)).toMatchObject({ ok: true });
    expect(await prove(standby)).toMatchObject({ ok: false, failure: { kind: "refused" } });
  });

  it("commits what it proves, also on a server that is set to commit nothing by itself", async () => {
    const admin = (text: string) => cloud.rds.adminQuery(HOME, "acme-db", text);
    await admin("set global autocommit = 0");
    const fresh = serversOfEngines(new Logins(secrets, clock), clock);
    const proof = { operation: "prove", targets: [primary], epoch: 3 } as const;
    const said = await ask({ ...proof, execution: "fo-acme-e2" }, fresh);
    await admin("set global autocommit = 1");
    expect(said).toMatchObject({ ok: true });
    expect(
      await admin("select execution from hosting_sla.proof where execution = 'fo-acme-e2'"),
    ).toHaveLength(1);
  });

  it("says what it holds, in bytes and in tables", async () => {
    const storage = await ask<Storage>({ operation: "storage", targets: [primary] });
    expect(storage).toMatchObject({ ok: true, value: { retainedBytes: 0, keptFor: "nobody" } });
    expect(storage.ok && storage.value.databaseBytes).toBeGreaterThan(0);
    expect(storage.ok && storage.value.isFetched).toBe(true);
    const { receivedLsn = "" } = await reading(primary);
    const kept = (applied: string) =>
      ask<Storage>({ operation: "storage", targets: [{ ...primary, applied }] });
    expect(await kept(receivedLsn)).toMatchObject({ value: { retainedBytes: 0 } });
    const behind = await kept("mysql-bin-changelog.000001:4");
    expect(behind).toMatchObject({ ok: true, value: { keptFor: "replica" } });
    expect(behind.ok && behind.value.retainedBytes).toBeGreaterThan(0);
    expect(await ask<Figures>({ operation: "figures", targets: [primary] })).toMatchObject({
      ok: true,
      value: { rows: { "`hosting_sla`.`heartbeat`": expect.any(Number) } },
    });
  });

  it("understands what Aurora MySQL is asked, whose settings have the same names", async () => {
    const aurora = { ...primary, engine: "aurora-mysql" as const };
    const said = await reading(aurora);
    expect(said).toMatchObject({ inRecovery: false, streaming: false, sessions: 0 });
    expect(said.beat?.sequence).toBeGreaterThan(0);
    expect(said).not.toHaveProperty("receivedLsn");
    const storage = await ask<Storage>({ operation: "storage", targets: [aurora] });
    expect(storage).toMatchObject({ ok: true, value: { keptFor: "nobody", isFetched: false } });
    expect(storage.ok && storage.value.databaseBytes).toBeGreaterThan(0);
  });

  it("counts transactions its standby had never seen, and knows when there is none", async () => {
    await vi.waitFor(async () => {
      const [here, there] = [await reading(primary), await reading(standby)];
      expect(there.horizon).toBe(here.horizon);
    }, PATIENCE);
    const { horizon = "" } = await reading(standby);
    const diverge = () => ask<Divergence>({ operation: "diverge", targets: [primary], horizon });
    expect(await diverge()).toMatchObject({ ok: true, value: { tables: [], unread: [] } });
    await cloud.rds.adminQuery(HOME, "acme-db", "create table shop.late (id int)");
    await cloud.rds.adminQuery(HOME, "acme-db", "insert into shop.late values (1)");
    expect(await diverge()).toMatchObject({
      value: { unread: [{ because: expect.stringMatching(/^2 transactions/) }] },
    });
  });

  it("is let in again after the password was rotated", async () => {
    await cloud.rds.adminQuery(HOME, "acme-db", "alter user 'sla'@'%' identified by 'rotated'");
    const fresh = serversOfEngines(new Logins(secrets, clock), clock);
    await fresh.use(primary, async () => undefined).catch(() => undefined);
    password = "rotated";
    await expect(fresh.use(primary, async () => "in")).resolves.toBe("in");
  });

  it("is refused when its certificate is another's, and is unreachable where no name leads", async () => {
    cloud.names.set("other.example", cloud.names.get(primary.host) ?? "");
    expect(await read({ ...primary, host: "other.example" })).toMatchObject({
      ...{ ok: false, failure: { kind: "refused", code: "HANDSHAKE_SSL_ERROR" } },
    });
    expect(await read({ ...primary, host: "nowhere.invalid" })).toMatchObject({
      ...{ ok: false, failure: { kind: "unreachable" } },
    });
  });

  it("times out while it is stopped, and answers when it goes on", async () => {
    await read(standby);
    cloud.rds.pause(STANDBY, "acme-db-standby");
    expect(await read(standby)).toMatchObject({ ok: false, failure: { kind: "timed-out" } });
    expect(await read(standby)).toMatchObject({ ok: false, failure: { kind: "timed-out" } });
    cloud.rds.resume(STANDBY, "acme-db-standby");
    await vi.waitFor(async () => expect(await read(standby)).toMatchObject({ ok: true }), PATIENCE);
  });

  it("follows a primary that crashed and came back, and has nothing left to apply", async () => {
    await cloud.rds.kill(HOME, "acme-db");
    await cloud.rds.revive(HOME, "acme-db");
    await vi.waitFor(
      async () =>
        expect(await reading(standby)).toMatchObject({ streaming: true, undrainedBytes: 0 }),
      PATIENCE,
    );
  });

  it("is unreachable when it is killed; its standby keeps the heartbeat and takes over", async () => {
    await vi.waitFor(async () => expect((await reading(standby)).beat?.sequence).toBe(3), PATIENCE);
    await cloud.rds.kill(HOME, "acme-db");
    expect(await read(primary)).toMatchObject({ ok: false, failure: { kind: "unreachable" } });
    await vi.waitFor(
      async () =>
        expect(await reading(standby)).toMatchObject({
          ...{ inRecovery: true, streaming: false, undrainedBytes: 0, beat: { sequence: 3 } },
        }),
      PATIENCE,
    );
    const promote = { DBInstanceIdentifier: "acme-db-standby" };
    await cloud.client(STANDBY).send(new PromoteReadReplicaCommand(promote));
    await cloud.rds.settled(STANDBY, "acme-db-standby");
    expect(await reading(standby)).toMatchObject({ inRecovery: false });
    expect(await prove(standby)).toMatchObject({ ok: true });
    expect(await beat(standby)).toMatchObject({ ok: true, value: { sequence: 4 } });
  });
});
