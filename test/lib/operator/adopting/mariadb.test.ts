import dns from "node:dns";
import tls from "node:tls";
import { CreateDBInstanceCommand } from "@aws-sdk/client-rds";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { clockFrom } from "../../../../functions/kernel/clock.ts";
import { mariadbBinaries, WITHOUT_MARIADB } from "../../../../lib/local-cloud/mariadb/binaries.ts";
import type { Target } from "../../../../lib/operator/adopting/ports.ts";
import { primaryServer } from "../../../../lib/operator/adopting/server.ts";
import { type Cloud, HOME, PASSWORD, startCloud } from "../../../local-cloud/rds/cloud.ts";

const hasMariadb = (await mariadbBinaries()) !== undefined;
if (!hasMariadb) console.log(`adopting a real MariaDB: skipped, ${WITHOUT_MARIADB}`);

const server = primaryServer(clockFrom({ SLA_PACE: "1" }));
const LOGIN = { username: "sla", password: "it's \\ ours" };
const MASTER = { username: "admin", password: PASSWORD };
const WISH = { login: LOGIN, readsRows: false };

describe.skipIf(!hasMariadb)("a real MariaDB that is adopted", { timeout: 120_000 }, () => {
  let cloud: Cloud;
  let target: Target;
  const admin = (text: string) => cloud.rds.adminQuery(HOME, "shop-db", text);
  const look = () => server.look(target, LOGIN);

  beforeAll(async () => {
    cloud = await startCloud();
    tls.setDefaultCACertificates([...tls.getCACertificates("default"), cloud.authority.caPem]);
    const lookup = dns.lookup as (...all: unknown[]) => void;
    vi.spyOn(dns, "lookup").mockImplementation(((name: string, ...rest: unknown[]) =>
      lookup(cloud.names.get(name) ?? name, ...rest)) as typeof dns.lookup);
    await cloud.client(HOME).send(
      new CreateDBInstanceCommand({
        ...{ DBInstanceIdentifier: "shop-db", DBInstanceClass: "db.t4g.micro" },
        ...{ AllocatedStorage: 20, Engine: "mariadb", DBName: "shop" },
        ...{ MasterUsername: MASTER.username, MasterUserPassword: MASTER.password },
      }),
    );
    await cloud.rds.settled(HOME, "shop-db");
    const [host = ""] = [...cloud.names.keys()].filter((name) => name.startsWith("shop-db."));
    target = { host, port: 3306, database: "shop", engine: "mariadb" };
  }, 120_000);
  afterAll(() => cloud.close());

  it("lets our user in once its master has made it, and again changes nothing", async () => {
    expect(await look()).toMatchObject({ is: "refused", why: expect.stringContaining("1045") });
    expect(await server.prepare(target, MASTER, WISH)).toBeUndefined();
    expect(await look()).toEqual({ is: "prepared", readsRows: false });
    expect(await server.prepare(target, MASTER, WISH)).toBeUndefined();
    expect(await look()).toMatchObject({ is: "prepared" });
  });

  it("sees when a right or a table is gone, and makes it again", async () => {
    for (const text of [
      "revoke slave monitor on *.* from 'sla'@'%'",
      "revoke execute on procedure mysql.rds_kill from 'sla'@'%'",
      "drop table hosting_sla.proof",
    ]) {
      await admin(text);
      expect([text, await look()]).toEqual([text, { is: "bare" }]);
      expect(await server.prepare(target, MASTER, WISH)).toBeUndefined();
      expect([text, (await look()).is]).toEqual([text, "prepared"]);
    }
  });

  it("sees whose log it fetches, until that is over", async () => {
    await admin(
      "change master to master_host='old.invalid', master_user='x', master_password='x', master_ssl=1",
    );
    expect(await look()).toMatchObject({ is: "prepared" });
    await admin("start slave");
    expect(await look()).toEqual({ is: "fed", from: "old.invalid" });
    await admin("stop slave");
    expect(await look()).toMatchObject({ is: "prepared" });
    await admin("reset slave all");
  });

  it("has the password in no log, and lets nobody in without TLS", async () => {
    const logs = await admin("show binlog events");
    expect(JSON.stringify(logs)).toContain("alter user 'sla'@'%' identified by password");
    expect(JSON.stringify(logs)).not.toContain("ours");
    const plain = { host: cloud.names.get(target.host) ?? "", user: "sla" };
    const without = createConnection({ ...plain, password: LOGIN.password });
    await expect(without).rejects.toThrow(/Access denied/);
  });

  it("says who refuses, and that nobody answers", async () => {
    expect(await server.prepare(target, { ...MASTER, password: "no" }, WISH)).toMatchObject({
      ...{ is: "refused", why: expect.stringContaining("1045") },
    });
    const nowhere = { ...target, host: "nowhere.invalid" };
    expect(await server.look(nowhere, LOGIN)).toMatchObject({ is: "unreached" });
  });

  it("is reached through a tunnel by its own name, and nobody else's certificate will do", async () => {
    const through = { host: cloud.names.get(target.host) ?? "", port: 3306 };
    const tunnelled = primaryServer(clockFrom({ SLA_PACE: "1" }), through);
    expect(await tunnelled.look(target, LOGIN)).toMatchObject({ is: "prepared" });
    expect(await tunnelled.look({ ...target, host: "other.example" }, LOGIN)).toMatchObject({
      ...{ is: "refused", why: expect.stringContaining("HANDSHAKE_SSL_ERROR") },
    });
  });

  it("forgets all that was made, as often as it is asked", async () => {
    for (const _again of ["once", "twice"]) {
      expect(await server.forget(target, MASTER, "sla")).toBeUndefined();
    }
    expect(await look()).toMatchObject({ is: "refused" });
    expect(await admin("show databases like 'hosting%'")).toEqual([]);
  });
});
