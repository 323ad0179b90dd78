import dns from "node:dns";
import tls from "node:tls";
import {
  CreateDBInstanceCommand,
  CreateDBParameterGroupCommand,
  CreateDBSubnetGroupCommand,
  DescribeDBInstancesCommand,
  RebootDBInstanceCommand,
} from "@aws-sdk/client-rds";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { rdsInventory } from "../../../functions/aws/rds-inventory.ts";
import { rdsDiscards, rdsRestores } from "../../../functions/aws/rds-restores.ts";
import { rdsCopying, rdsTaking, rdsTestShelf } from "../../../functions/aws/rds-shelf.ts";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import { keys } from "../../../functions/ledger/contract.ts";
import {
  DISCARD_FUNCTION,
  RESTORE_SECRET,
  type RestoreTestRecord,
  SUBNET_GROUP,
} from "../../../functions/restore/contract.ts";
import { discard } from "../../../functions/restore/discard.ts";
import { RESTORE } from "../../../functions/restore/restore-steps.ts";
import { type StepEvent, take } from "../../../functions/restore/step.ts";
import { figuresMemory } from "../../../functions/snapshot/figures.ts";
import { takeAll } from "../../../functions/snapshot/take.ts";
import type {
  ContentRequest,
  Figures,
  SqlRequest,
  SqlResult,
} from "../../../functions/sql/contract.ts";
import { serversOfEngines } from "../../../functions/sql/engines.ts";
import { attempt, handleSql } from "../../../functions/sql/handle.ts";
import { Logins } from "../../../functions/sql/logins.ts";
import { prepareStatements } from "../../../functions/sql/mysql/prepare.sql.ts";
import { TONGUES } from "../../../functions/sql/tongues.ts";
import { restoreTestDefinition } from "../../../lib/infra/restore-test-definition.ts";
import { mariadbBinaries, WITHOUT_MARIADB } from "../../../lib/local-cloud/mariadb/binaries.ts";
import { backupId, tagsOf } from "../../../lib/sla/backups/catalogue.ts";
import { runLine } from "../../fakes/asl-line.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";
import { MemoryLedgers } from "../../fakes/ledger.ts";
import { backupsOf } from "../../local-cloud/rds/backups.ts";
import { type Cloud, HOME, PASSWORD, STANDBY, startCloud } from "../../local-cloud/rds/cloud.ts";

const binaries = await mariadbBinaries();
const hasMariadb = binaries !== undefined;
const family = `mariadb${binaries?.version.split(".").slice(0, 2).join(".")}`;
if (!hasMariadb) console.log(`restore tests of MariaDB: skipped, ${WITHOUT_MARIADB}`);

const ACCOUNT = "111111111111";
const clock = clockFrom({ SLA_PACE: "60" });
const fleet = fleetOf([instance("acme", {}, "mariadb")]);
const secrets = {
  read: async (name: string) =>
    JSON.stringify(
      name === RESTORE_SECRET
        ? { username: "of the master", password: "of-all-tests" }
        : { username: "sla", password: "beats" },
    ),
};
/** What sla adopt runs as the master. */
const PREPARED = prepareStatements("mariadb", { username: "sla", password: "beats" });

describe.skipIf(!hasMariadb)("backups of a MariaDB by plan", { timeout: 180_000 }, () => {
  let cloud: Cloud;
  const tickMs = Date.now();
  const id = backupId("acme", tickMs);
  const ledgers = new MemoryLedgers();
  const servers = serversOfEngines(new Logins(secrets, clock), clock);

  beforeAll(async () => {
    cloud = await startCloud();
    const endpoint = await cloud.client(HOME).config.endpoint?.();
    vi.stubEnv("AWS_ENDPOINT_URL", `http://${endpoint?.hostname}:${endpoint?.port}`);
    vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
    tls.setDefaultCACertificates([...tls.getCACertificates("default"), cloud.authority.caPem]);
    const lookup = dns.lookup as (...all: unknown[]) => void;
    vi.spyOn(dns, "lookup").mockImplementation(((name: string, ...rest: unknown[]) =>
      lookup(cloud.names.get(name) ?? name, ...rest)) as typeof dns.lookup);
    for (const region of [HOME, STANDBY]) await furnish(region);
    await cloud.client(HOME).send(
      new CreateDBInstanceCommand({
        ...{ DBInstanceIdentifier: "acme-db", DBInstanceClass: "db.t4g.micro" },
        ...{ AllocatedStorage: 20, Engine: "mariadb", DBName: "shop" },
        ...{ MasterUsername: "admin", MasterUserPassword: PASSWORD },
      }),
    );
    await cloud.rds.settled(HOME, "acme-db");
    const [host = ""] = [...cloud.names.values()];
    const master = await createConnection({ host, user: "admin", password: PASSWORD });
    for (const text of PREPARED) await master.query(text);
    await master.query(
      "create table shop.orders (id int primary key, note varchar(80), key (note))",
    );
    await master.query("insert into shop.orders values (1, 'one'), (2, 'two'), (3, 'three')");
    await master.end();
    // What was written since the last one comes back whole from the log, whatever happens to its pages.
    const reboot = new RebootDBInstanceCommand({ DBInstanceIdentifier: "acme-db" });
    await cloud.client(HOME).send(reboot);
    await cloud.rds.settled(HOME, "acme-db");
    await beat();
  }, 180_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    await cloud?.close();
  });

  /** What a deployment and a customer have made there. */
  async function furnish(region: string): Promise<void> {
    const site = fleet.sites[region];
    if (!site) throw new Error(`${region} is no site`);
    cloud.groups.create(region, site.quarantineGroup, { vpc: site.vpc });
    cloud.groups.allow(region, site.quarantineGroup, { cidr: "127.0.0.0/8" });
    cloud.subnets.describe(region, site.vpc, site.subnets);
    await cloud.client(region).send(
      new CreateDBSubnetGroupCommand({
        ...{ DBSubnetGroupName: SUBNET_GROUP, DBSubnetGroupDescription: "restores" },
        SubnetIds: [...site.subnets],
      }),
    );
    await cloud.client(region).send(
      new CreateDBParameterGroupCommand({
        DBParameterGroupName: site.parameterGroups?.mariadb,
        ...{ DBParameterGroupFamily: family, Description: "shops" },
      }),
    );
  }

  const endpoints = () => rdsInventory(clock).describe(HOME);
  const ask = async (request: SqlRequest) => {
    const [result] = (await handleSql(request, servers, clock)).results;
    return result as SqlResult<Figures>;
  };
  async function beat(): Promise<void> {
    const { host = "", port = 0 } = (await endpoints()).get("acme-db") ?? {};
    const at = { host, port, database: "shop", secret: "acme-db/sla", engine: "mariadb" } as const;
    await ask({ operation: "beat", targets: [{ instance: "acme", ...at }] });
  }

  /** The machine as it is deployed, its functions in this process. */
  async function tested(region: string, backup: string, how = "first"): Promise<RestoreTestRecord> {
    const test = `rt-${how}-${region}-${backup}`.slice(0, 80);
    const here = { account: ACCOUNT, region };
    const startedAt = new Date().toISOString();
    const world = {
      ...{ region, clock, fleet, ledgers: ledgers.at },
      shelf: rdsTestShelf(clock, here),
      restores: rdsRestores(clock, here, secrets),
      reader: { ask: readWith },
    };
    await runLine(
      restoreTestDefinition((fn) => fn, false),
      { instance: "acme", backup, trigger: "person" },
      `arn:aws:states:${region}:${ACCOUNT}:execution:sla-restore-test:${test}`,
      {
        invoke: (fn, payload) => {
          const { case: current, ...event } = payload as StepEvent;
          // The line's own clock stands still.
          const now = { ...event, case: { ...current, startedAt } };
          return fn === DISCARD_FUNCTION
            ? take({ discard }, { clock, discards: rdsDiscards(clock, here) }, now)
            : take(RESTORE, world, now);
        },
        pause: (seconds) => clock.wait(seconds),
        wait: async () => false,
      },
    );
    const record = ledgers.at(region).peek<RestoreTestRecord>(keys.restore("acme", test, "record"));
    if (!record) throw new Error("nothing was recorded");
    return record;
  }
  const readWith = ({ target, ...request }: ContentRequest) =>
    attempt(servers, target, (session) =>
      TONGUES[target.engine ?? "postgres"].content(session, request, clock),
    );

  it("are taken with the figures of their primary, and copied to the other region", async () => {
    const memory = figuresMemory({
      ...{ fleet: async () => fleet, ledger: ledgers.at(HOME), ask },
      endpoints: async () =>
        new Map(
          [...(await endpoints())].flatMap(([name, { host, port }]) =>
            host === undefined || port === undefined ? [] : [[name, { host, port }] as const],
          ),
        ),
    });
    const tags = tagsOf({ instance: "acme", schedules: ["daily"], tickMs });
    const takes = [{ id, database: "acme-db", tags }];
    const { outcomes } = await takeAll(
      { takes },
      rdsTaking(clock, { account: ACCOUNT, region: HOME }),
      memory,
    );
    expect(outcomes).toMatchObject([{ id, answer: "accepted" }]);
    expect(ledgers.at(HOME).peek<Figures>(keys.figures("acme", id))?.rows).toHaveProperty([
      "`shop`.`orders`",
    ]);
    await backupsOf(cloud).becomes(HOME, id, "available");
    const copying = rdsCopying(clock, { account: ACCOUNT, region: STANDBY });
    await copying.copy({ id, from: HOME, tags });
    await backupsOf(cloud).becomes(STANDBY, id, "available");
  });

  it("are proven by restoring them where they lie, and nothing is left of it", async () => {
    const record = await tested(HOME, id);
    expect(record.failure).toBeUndefined();
    expect(record).toMatchObject({ ok: true, tables: 3, rows: 4 });
    const { DBInstances = [] } = await cloud.client(HOME).send(new DescribeDBInstancesCommand({}));
    expect(DBInstances.map((each) => each.DBInstanceIdentifier)).toEqual(["acme-db"]);
  });

  it("are proven elsewhere to hold the same rows, value by value", async () => {
    const { ok, checks } = await tested(STANDBY, id);
    expect(ok).toBe(true);
    expect(checks.at(-1)).toMatchObject({
      name: `its rows are those of the same backup in ${HOME}`,
      found: "3 of 3 tables compared value by value",
    });
  });

  it("are not proven where a table is damaged, which is named", async () => {
    await cloud.rds.damageSnapshot(STANDBY, id, "orders", "shop");
    const { ok, failure } = await tested(STANDBY, id, "again");
    expect(ok).toBe(false);
    expect(failure).toMatchObject({
      ...{ code: "NotProven", message: expect.stringMatching(/is damaged \(`shop`\.`orders`: /) },
    });
  });
});
