import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateDBInstanceCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { App } from "aws-cdk-lib";
import { vi } from "vitest";
import type { FreezeCase, FreezeStep } from "../../../functions/freeze/contract.ts";
import { readFleet } from "../../../lib/fleet/parse.ts";
import { bundleFunctions } from "../../../lib/infra/bundles.ts";
import { FrozenStack } from "../../../lib/infra/frozen-stack.ts";
import { PagesStack } from "../../../lib/infra/pages-stack.ts";
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

export type FrozenSite = Awaited<ReturnType<typeof frozenSite>>;

/** The site that freezes, the frozen account, and a restored database in quarantine. */
export async function frozenSite(pace: number, deployed = fleet) {
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
  const host = await restored(cloud, new RDSClient(options), quarantineGroup, password);
  const take = (step: FreezeStep, current: object) => stepOf(cloud, step, current);
  return {
    ...{ cloud, directory, password, s3, take },

    /** What the machine would hand on after its proof. */
    proven: (backup: string, more: Partial<FreezeCase> = {}): FreezeCase => ({
      request: { instance: "cedar", backup },
      name: `rt-${backup}`,
      endpoint: { host, port: 5432 },
      databaseName: "postgres",
      masterUsername: "postgres",
      takenAt: "2026-11-22T03:00:00.000Z",
      counts: { "public.orders": ROWS },
      ...more,
    }),

    /** Looks until it is anything but under way. */
    ended: (current: object) =>
      vi.waitFor(async () => {
        const looked = await take("freeze-look", current).catch((cause: Error) => cause);
        if (looked instanceof Error && looked.name === "NotYet") throw looked;
        return looked;
      }, WITHIN),

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
