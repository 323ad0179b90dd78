import dns from "node:dns";
import tls from "node:tls";
import { CreateDBInstanceCommand } from "@aws-sdk/client-rds";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import { adopt } from "../../../functions/sql/adopt.ts";
import type { SqlTarget } from "../../../functions/sql/contract.ts";
import { attempt } from "../../../functions/sql/handle.ts";
import { Logins } from "../../../functions/sql/logins.ts";
import { postgresServers } from "../../../functions/sql/postgres.ts";
import { scramVerifier } from "../../../functions/sql/scram.ts";
import { type Cloud, HOME, PASSWORD, startCloud } from "../../local-cloud/rds/cloud.ts";

const clock = clockFrom({});
const secrets: Record<string, object> = {
  master: { username: "postgres", password: PASSWORD },
  "acme/sla": { username: "sla", password: "of-now" },
  "acme/odoo": { username: "odoo", password: "it's \\ $ü" },
  "acme/later": { username: "later", password: "x" },
};
const logins = new Logins({ read: async (name) => JSON.stringify(secrets[name]) }, clock);
const servers = postgresServers(logins, clock);

let cloud: Cloud;
let target: SqlTarget;

beforeAll(async () => {
  cloud = await startCloud();
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), cloud.authority.caPem]);
  const lookup = dns.lookup as (...all: unknown[]) => void;
  vi.spyOn(dns, "lookup").mockImplementation(((name: string, ...rest: unknown[]) =>
    lookup(cloud.names.get(name) ?? name, ...rest)) as typeof dns.lookup);
  await cloud.client(HOME).send(
    new CreateDBInstanceCommand({
      ...{ DBInstanceIdentifier: "acme-db", DBInstanceClass: "db.t4g.micro", Engine: "postgres" },
      ...{ AllocatedStorage: 20, MasterUsername: "postgres", MasterUserPassword: PASSWORD },
    }),
  );
  await cloud.rds.settled(HOME, "acme-db");
  const [host = ""] = cloud.names.keys();
  target = { instance: "acme", host, port: 5432, database: "postgres", secret: "master" };
});
afterAll(() => cloud.close());

const take = (names: readonly string[]) =>
  attempt(servers, target, (session) => adopt(session, names, logins));

/** Whether a client gets in with it. */
async function lets(user: string, password: string): Promise<boolean> {
  const { connection } = cloud.rds.server(HOME, "acme-db");
  const client = new Client({ ...connection, user, password });
  client.on("error", () => undefined);
  const isIn = await client.connect().then(
    () => true,
    () => false,
  );
  await client.end().catch(() => undefined);
  return isIn;
}

describe("a database that was restored", () => {
  it("is prepared if its backup was older than that, and lets in the logins of now", async () => {
    const client = await cloud.connect(target.host);
    await client.query("create role odoo login password 'of-then'");
    await client.end();
    const answer = await take(["acme/sla", "acme/odoo", "acme/later"]);
    expect(answer).toMatchObject({
      ok: true,
      value: {
        horizon: expect.stringMatching(/^\d+$/),
        given: ["sla", "odoo"],
        missing: ["later"],
      },
    });
    expect(await lets("sla", "of-now")).toBe(true);
    expect(await lets("odoo", "it's \\ $ü")).toBe(true);
    expect(await lets("odoo", "of-then")).toBe(false);
  });

  it("may be given them again, and is left as it is where somebody else has prepared it", async () => {
    for (const text of [
      "create role another",
      "alter schema hosting_sla owner to another",
      "alter table hosting_sla.heartbeat owner to another",
    ]) {
      await cloud.rds.adminQuery(HOME, "acme-db", text);
    }
    secrets["acme/sla"] = { username: "sla", password: "rotated" };
    logins.forget("acme/sla");
    expect(await take(["acme/sla"])).toMatchObject({ ok: true, value: { given: ["sla"] } });
    expect(await lets("sla", "rotated")).toBe(true);
  });

  it("never shows a password to its log", async () => {
    const shown = await cloud.rds.adminQuery(
      HOME,
      "acme-db",
      "select rolpassword as verifier from pg_authid where rolname = 'odoo'",
    );
    expect(shown).toEqual([{ verifier: expect.stringMatching(/^SCRAM-SHA-256\$4096:/) }]);
  });
});

describe("a verifier", () => {
  it("is what PostgreSQL makes of the same password and salt", async () => {
    const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");
    expect(await scramVerifier("pencil", salt)).toBe(
      "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
    );
  });
});
