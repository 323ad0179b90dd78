import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateDBInstanceCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { GetObjectCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { App } from "aws-cdk-lib";
import { createConnection } from "mysql2/promise";
import { expect, vi } from "vitest";
import type { FreezeCase, FreezeStep } from "../../../functions/freeze/contract.ts";
import { readFleet } from "../../../lib/fleet/parse.ts";
import { bundleFunctions } from "../../../lib/infra/bundles.ts";
import { cacheDirectory } from "../../../lib/infra/cache-directory.ts";
import { FrozenStack } from "../../../lib/infra/frozen-stack.ts";
import { PagesStack } from "../../../lib/infra/pages-stack.ts";
import { rememberValidation } from "../../../lib/infra/remembered-validation.ts";
import { SiteStack } from "../../../lib/infra/site-stack.ts";
import { LocalCloud } from "../../../lib/local-cloud/cloud.ts";
import type { Fleet } from "../../../lib/sla/fleet.ts";

export const WITHIN = { timeout: 180_000, interval: 200 };
export const REGION = "eu-west-1";
export const BUCKET = `sla-frozen-222222222222-${REGION}`;
export const FLEET = "examples/fleet.yaml";
export const ROWS = 5000;

/** Whose cedar and acme are, and who says so. */
export const OWNERS = { cedar: "auth0|anna", acme: "auth0|bea" } as const;
export const ISSUER = "https://login.mintsys.example";

const written = readFleet(FLEET);
export const fleet: Fleet = {
  ...written,
  customers: { issuer: ISSUER, audience: ["hosting-sla"], claim: "sub" },
  instances: written.instances.map((each) => {
    const owner = OWNERS[each.id as keyof typeof OWNERS];
    return { ...each, ...(owner !== undefined && { customers: [owner] }) };
  }),
};

/** The same, but cedar's database is MariaDB. */
export const withMariadb: Fleet = {
  ...fleet,
  sites: Object.fromEntries(
    Object.entries(fleet.sites).map(([region, site]) => [
      region,
      { ...site, parameterGroups: { mariadb: "shops" } },
    ]),
  ),
  instances: fleet.instances.map((each) =>
    each.id === "cedar" ? { ...each, database: { ...each.database, engine: "mariadb" } } : each,
  ),
};

export type FrozenSite = Awaited<ReturnType<typeof frozenSite>>;

/** The site that freezes, the frozen account, and a restored database of cedar's engine in quarantine. */
export async function frozenSite(pace: number, deployed = fleet) {
  const { engine } = deployed.instances.find(({ id }) => id === "cedar")?.database ?? {};
  const isMariadb = engine === "mariadb";
  const directory = mkdtempSync(join(tmpdir(), "frozen-site-"));
  // PostgreSQL runs as somebody else and has to get through.
  chmodSync(directory, 0o711);
  const cloud = await LocalCloud.start({
    ...{ account: fleet.provider.account, pace },
    directory: join(directory, "cloud"),
  });
  const { securityGroup, quarantineGroup = "" } = fleet.sites[REGION] ?? {};
  for (const group of [securityGroup, quarantineGroup]) cloud.ground.groups.create(REGION, group);
  await cloud.services.deploy(await assembly(directory, deployed));
  const options = {
    ...{ region: REGION, endpoint: cloud.url },
    credentials: cloud.ground.credentials,
  };
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  const secrets = new SecretsManagerClient(options);
  const secret = await secrets.send(new GetSecretValueCommand({ SecretId: "sla/restore" }));
  const { password } = JSON.parse(secret.SecretString ?? "{}") as { password: string };
  const make = isMariadb ? mariadbRestored : restored;
  const host = await make(cloud, new RDSClient(options), quarantineGroup, password);
  const take = (step: FreezeStep, current: object) => stepOf(cloud, step, current);
  /** Looks until it is anything but under way. */
  const ended = (current: object) =>
    vi.waitFor(async () => {
      const looked = await take("freeze-look", current).catch((cause: Error) => cause);
      if (looked instanceof Error && looked.name === "NotYet") throw looked;
      return looked;
    }, WITHIN);
  /** All that containers have said. */
  const said = () =>
    cloud.ground.log
      .all()
      .filter(({ service, operation }) => service === "ecs" && operation === "Log")
      .map(({ detail }) => `${detail["container"]}: ${detail["line"]}`)
      .join("\n");
  return {
    ...{ cloud, directory, password, s3, take, ended, said },

    /** Fails for that reason, and leaves nothing in the bucket. */
    async isRefused(backup: string, begun: object, why: RegExp) {
      const failed = await ended(begun);
      expect(failed).toMatchObject({ name: "FreezeFailed" });
      expect(String(failed)).toMatch(/left no receipt.*(upload|dump) ended with 1/);
      expect(said()).toMatch(why);
      const listed = new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix: `cedar/${backup}/` });
      expect((await s3.send(listed)).Versions ?? []).toEqual([]);
    },

    /** What the machine would hand on after its proof. */
    proven: (backup: string, more: Partial<FreezeCase> = {}): FreezeCase => ({
      request: { instance: "cedar", backup },
      name: `rt-${backup}`,
      endpoint: { host, port: 5432 },
      databaseName: "postgres",
      masterUsername: "postgres",
      takenAt: "2026-11-22T03:00:00.000Z",
      counts: { "public.orders": ROWS },
      ...(isMariadb && MARIADB(host)),
      ...more,
    }),

    async bytesOf(Key: string) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    },

    async close() {
      await cloud.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Of the whole fleet the one site that freezes, and the frozen account. */
async function assembly(directory: string, deployed: Fleet): Promise<string> {
  const outdir = join(directory, "cdk.out");
  const app = new App({ outdir, context: JSON.parse(readFileSync("cdk.json", "utf8")).context });
  rememberValidation(app, cacheDirectory(process.cwd(), "validated"));
  const fleetFile = join(directory, "fleet.json");
  writeFileSync(fleetFile, JSON.stringify(deployed));
  const bundles = await bundleFunctions(process.cwd());
  const common = { fleet: deployed, fleetFile, fleetKey: "fleet/x.json", shards: ["s00"], bundles };
  new SiteStack(app, { ...common, region: REGION });
  new PagesStack(app, { ...common, region: REGION });
  const { provider, frozen } = fleet;
  if (frozen) new FrozenStack(app, { provider, sites: [REGION], frozen });
  app.synth();
  return outdir;
}

/** With a table in it; answers its address. */
async function restored(cloud: LocalCloud, rds: RDSClient, group: string, password: string) {
  await rds.send(
    new CreateDBInstanceCommand({
      ...{ DBInstanceIdentifier: "restored", DBInstanceClass: "db.t4g.micro", Engine: "postgres" },
      ...{ MasterUsername: "postgres", MasterUserPassword: password, BackupRetentionPeriod: 0 },
      // As a restored database has it: only what the stack lets in comes in.
      VpcSecurityGroupIds: [group],
    }),
  );
  await cloud.services.rds.settled(REGION, "restored");
  for (const text of [
    `create table orders as select n as id, md5(n::text) as what from generate_series(1, ${ROWS}) n`,
    "grant select on all tables in schema public to postgres",
  ]) {
    await cloud.services.rds.adminQuery(REGION, "restored", text);
  }
  const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
  return DBInstances[0]?.Endpoint?.Address ?? "";
}

const MARIADB = (host: string): Partial<FreezeCase> => ({
  ...{ engine: "mariadb", endpoint: { host, port: 3306 }, masterUsername: "admin" },
  counts: { "`shop`.`orders`": ROWS },
});

/** Likewise, with a schema of a customer's. */
async function mariadbRestored(cloud: LocalCloud, rds: RDSClient, group: string, password: string) {
  await rds.send(
    new CreateDBInstanceCommand({
      ...{ DBInstanceIdentifier: "restored", DBInstanceClass: "db.t4g.micro", Engine: "mariadb" },
      ...{ MasterUsername: "admin", MasterUserPassword: password, BackupRetentionPeriod: 0 },
      ...{ AllocatedStorage: 20, DBName: "shop", VpcSecurityGroupIds: [group] },
    }),
  );
  await cloud.services.rds.settled(REGION, "restored");
  // As customers' parameter groups have it: else functions and triggers are an administrator's.
  const trusting = "set global log_bin_trust_function_creators = on";
  await cloud.services.rds.adminQuery(REGION, "restored", trusting);
  const { address, port } = cloud.services.rds.server(REGION, "restored");
  const login = { host: address, port, user: "admin", password };
  const master = await createConnection({ ...login, database: "shop" });
  for (const text of SHOP) await master.query(text);
  await master.end();
  const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
  return DBInstances[0]?.Endpoint?.Address ?? "";
}

/** All that a dump could lose, beside rows: binary and wide values, views, routines, triggers, events, an engine without transactions. */
const SHOP = [
  "create database hosting_sla",
  "create table hosting_sla.heartbeat (id int primary key)",
  "create table shop.orders (id int primary key, what varchar(80), raw varbinary(16), said text character set utf8mb4)",
  `insert into shop.orders select seq, md5(seq), unhex(md5(seq)), concat('it''s \\\\ "ü 😀"\n-- Dump completed ', seq) from seq_1_to_${ROWS}`,
  "create table shop.`odd ``name``` (id int primary key) engine = MyISAM",
  "insert into shop.`odd ``name``` values (1)",
  "create view shop.newest as select max(id) as id from shop.orders",
  "create function shop.twice(n int) returns int deterministic return 2 * n",
  "create table shop.log (id int)",
  "create trigger shop.noted after insert on shop.orders for each row insert into shop.log values (new.id)",
  "create event shop.cleaning on schedule every 1 day do delete from shop.log",
  "create sequence shop.numbers start with 7",
];

/** The deployed function, answered or failed by the name of its error. */
async function stepOf(
  cloud: LocalCloud,
  step: FreezeStep,
  current: object,
): Promise<Record<string, unknown>> {
  const payload = JSON.stringify({ step, case: current });
  const outcome = await cloud.services.lambda.invoke({
    region: REGION,
    name: "sla-freeze",
    payload,
    trace: "test",
  });
  if (outcome.kind === "failed") {
    throw Object.assign(new Error(outcome.error.errorMessage), { name: outcome.error.errorType });
  }
  return JSON.parse(outcome.payload);
}
