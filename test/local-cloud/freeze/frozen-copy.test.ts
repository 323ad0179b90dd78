import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateDBInstanceCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectRetentionCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { App } from "aws-cdk-lib";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { FreezeCase, FreezeStep, Manifest } from "../../../functions/freeze/contract.ts";
import { readFleet } from "../../../lib/fleet/parse.ts";
import { bundleFunctions } from "../../../lib/infra/bundles.ts";
import { FrozenStack } from "../../../lib/infra/frozen-stack.ts";
import { SiteStack } from "../../../lib/infra/site-stack.ts";
import { LocalCloud } from "../../../lib/local-cloud/cloud.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });
const WITHIN = { timeout: 180_000, interval: 200 };
const REGION = "eu-west-1";
const BUCKET = `sla-frozen-222222222222-${REGION}`;
/** The 120 days of the example are twenty seconds. */
const PACE = (120 * 86_400) / 20;
const ROWS = 5000;
/** Without what belongs to users of the old place. */
const OURS = ["--no-owner", "--no-privileges", "--no-comments"];

const fleet = readFleet("examples/fleet.yaml");

const directory = mkdtempSync(join(tmpdir(), "frozen-copy-"));
// PostgreSQL runs as somebody else and has to get through.
chmodSync(directory, 0o711);
let cloud: LocalCloud;
let host: string;
let password: string;
const clientOptions = () => ({
  region: REGION,
  endpoint: cloud.url,
  credentials: cloud.ground.credentials,
});
const s3 = () => new S3Client({ ...clientOptions(), forcePathStyle: true });

/** Of the whole fleet the one site that freezes, and the frozen account. */
async function assembly(): Promise<string> {
  const outdir = join(directory, "cdk.out");
  const app = new App({ outdir, context: JSON.parse(readFileSync("cdk.json", "utf8")).context });
  const fleetFile = join(directory, "fleet.json");
  writeFileSync(fleetFile, JSON.stringify(fleet));
  const bundles = await bundleFunctions(process.cwd());
  const common = { fleet, fleetFile, fleetKey: "fleet/x.json", shards: ["s00"], bundles };
  new SiteStack(app, { ...common, region: REGION });
  const { provider, frozen } = fleet;
  if (frozen) new FrozenStack(app, { provider, frozen });
  app.synth();
  return outdir;
}

beforeAll(async () => {
  cloud = await LocalCloud.start({
    ...{ account: fleet.provider.account, pace: PACE },
    directory: join(directory, "cloud"),
  });
  const { securityGroup, quarantineGroup } = fleet.sites[REGION] ?? {};
  for (const group of [securityGroup, quarantineGroup]) cloud.ground.groups.create(REGION, group);
  await cloud.services.deploy(await assembly());
  const [rds, secrets] = [
    new RDSClient(clientOptions()),
    new SecretsManagerClient(clientOptions()),
  ];
  const secret = await secrets.send(new GetSecretValueCommand({ SecretId: "sla/restore" }));
  ({ password } = JSON.parse(secret.SecretString ?? "{}"));
  await rds.send(
    new CreateDBInstanceCommand({
      ...{ DBInstanceIdentifier: "restored", DBInstanceClass: "db.t4g.micro", Engine: "postgres" },
      ...{ MasterUsername: "postgres", MasterUserPassword: password, BackupRetentionPeriod: 0 },
      // As a restored database has it: only what the stack lets in comes in.
      VpcSecurityGroupIds: [quarantineGroup ?? ""],
    }),
  );
  await cloud.services.rds.settled(REGION, "restored");
  const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
  host = DBInstances[0]?.Endpoint?.Address ?? "";
  for (const text of [
    `create table orders as select n as id, md5(n::text) as what from generate_series(1, ${ROWS}) n`,
    "grant select on all tables in schema public to postgres",
  ]) {
    await cloud.services.rds.adminQuery(REGION, "restored", text);
  }
});
afterAll(async () => {
  await cloud.close();
  rmSync(directory, { recursive: true, force: true });
});

/** What the machine would hand on after its proof. */
const proven = (backup: string, more: Partial<FreezeCase> = {}): FreezeCase => ({
  request: { instance: "cedar", backup },
  name: `rt-${backup}`,
  endpoint: { host, port: 5432 },
  databaseName: "postgres",
  masterUsername: "postgres",
  takenAt: "2026-11-22T03:00:00.000Z",
  counts: { "public.orders": ROWS },
  ...more,
});

/** The deployed function, answered or failed by the name of its error. */
async function take(step: FreezeStep, current: object): Promise<Record<string, unknown>> {
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

/** Looks until it is anything but under way. */
const ended = (current: object) =>
  vi.waitFor(async () => {
    const looked = await take("freeze-look", current).catch((cause: Error) => cause);
    if (looked instanceof Error && looked.name === "NotYet") throw looked;
    return looked;
  }, WITHIN);

const bytesOf = async (Key: string) => {
  const { Body } = await s3().send(new GetObjectCommand({ Bucket: BUCKET, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
};

const said = () =>
  cloud.ground.log
    .all()
    .filter(({ service, operation }) => service === "ecs" && operation === "Log")
    .map(({ detail }) => `${detail["container"]}: ${detail["line"]}`)
    .join("\n");

describe("a restored backup", () => {
  it("is frozen: dumped, described, restorable by stock pg_restore, and locked against everybody until its time", async () => {
    const begun = await take("freeze-start", proven("b1"));
    expect(await take("freeze-start", proven("b1"))).toEqual(begun);
    const done = await ended(begun);
    expect([done, said()]).toEqual([{ ...begun, frozen: expect.anything() }, expect.anything()]);
    const { frozen } = done as { frozen: Record<string, string | number> };

    const manifest: Manifest = JSON.parse(String(await bytesOf("cedar/b1/manifest.json")));
    expect(manifest).toEqual({
      ...{ instance: "cedar", backup: "b1", takenAt: "2026-11-22T03:00:00.000Z" },
      database: "postgres",
      dump: { key: frozen["key"], sha256: frozen["sha256"], bytes: frozen["bytes"] },
      contents: { key: expect.stringMatching(/contents\.txt$/), entries: expect.any(Number) },
      postgres: {
        server: expect.stringMatching(/^15\./),
        dumpedBy: expect.stringMatching(/^\d+\./),
      },
      counts: { "public.orders": ROWS },
      retainUntil: frozen["retainUntil"],
    });
    expect(manifest.contents.entries).toBeGreaterThanOrEqual(2);
    const dump = await bytesOf(manifest.dump.key);
    expect(dump).toHaveLength(manifest.dump.bytes);
    expect(createHash("sha256").update(dump).digest("hex")).toBe(manifest.dump.sha256);
    expect(String(await bytesOf(manifest.contents.key))).toContain("TABLE DATA public orders");

    await isRestored(dump);
    await yieldsToNobody(manifest);
  });

  async function isRestored(dump: Buffer) {
    const file = join(directory, "downloaded.dump");
    writeFileSync(file, dump);
    chmodSync(file, 0o644);
    const { rds } = cloud.services;
    await rds.adminQuery(REGION, "restored", "create database elsewhere owner postgres");
    // An old pg_dump does not leave it out; its comment and rights belong to whoever made it.
    await rds.adminQuery(REGION, "restored", "create extension amcheck", [], "elsewhere");
    const { address, port } = rds.server(REGION, "restored");
    const into = ["-h", address, "-p", String(port), "-U", "postgres", "-d", "elsewhere"];
    execFileSync("pg_restore", [...OURS, "--exit-on-error", ...into, file], {
      env: { ...process.env, PGPASSWORD: password },
    });
    const sum = "select count(*)::int as rows, max(id) as last from orders";
    const rows = await rds.adminQuery(REGION, "restored", sum, [], "elsewhere");
    expect(rows).toEqual([{ rows: ROWS, last: ROWS }]);
  }

  async function yieldsToNobody({ dump: { key: Key } }: Manifest) {
    const client = s3();
    const named = { Bucket: BUCKET, Key };
    const head = await client.send(new HeadObjectCommand(named));
    expect(head).toMatchObject({ ObjectLockMode: "COMPLIANCE", StorageClass: "GLACIER_IR" });
    const { VersionId, ObjectLockRetainUntilDate: until = new Date(0) } = head;
    const bypass = { BypassGovernanceRetention: true };
    const remove = () => client.send(new DeleteObjectCommand({ ...named, VersionId, ...bypass }));
    const soon = { Mode: "COMPLIANCE", RetainUntilDate: new Date() } as const;
    const shorten = { ...named, VersionId, ...bypass, Retention: soon };
    expect(Date.now()).toBeLessThan(until.getTime());
    await expect(remove()).rejects.toMatchObject({ name: "AccessDenied" });
    await expect(client.send(new PutObjectRetentionCommand(shorten))).rejects.toMatchObject({
      name: "AccessDenied",
    });
    await expect.poll(() => Date.now(), WITHIN).toBeGreaterThanOrEqual(until.getTime());
    await remove();
    await expect(client.send(new HeadObjectCommand(named))).rejects.toMatchObject({
      name: "NotFound",
    });
  }

  it("that cannot be dumped leaves no dump behind, and says why", async () => {
    const begun = await take("freeze-start", proven("b2", { databaseName: "nobody-knows-it" }));
    await isRefused("b2", begun, 'database "nobody-knows-it" does not exist');
  });

  it("whose dump breaks off halfway leaves none behind either", async () => {
    const { rds } = cloud.services;
    await rds.adminQuery(REGION, "restored", "create database half");
    for (const text of [
      `create table a_streamed as select n as id, md5(n::text) as what from generate_series(1, ${100 * ROWS}) n`,
      "create table z_guarded (id int)",
      "alter table z_guarded enable row level security",
      "grant select on all tables in schema public to postgres",
    ]) {
      await rds.adminQuery(REGION, "restored", text, [], "half");
    }
    const begun = await take("freeze-start", proven("b5", { databaseName: "half" }));
    await isRefused("b5", begun, "row-level security policy");
  });

  async function isRefused(backup: string, begun: object, why: string) {
    const failed = await ended(begun);
    expect(failed).toMatchObject({ name: "FreezeFailed" });
    expect(String(failed)).toMatch(/left no receipt.*(upload|dump) ended with 1/);
    expect(said()).toContain(why);
    const { Versions = [] } = await s3().send(
      new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix: `cedar/${backup}/` }),
    );
    expect(Versions).toEqual([]);
  }

  it("says what to install where the machine lacks its programs", async () => {
    const path = join(directory, "bare");
    mkdirSync(path);
    symlinkSync("/bin/bash", join(path, "bash"));
    vi.stubEnv("PATH", path);
    const failed = await ended(await take("freeze-start", proven("b4")));
    vi.unstubAllEnvs();
    expect(failed).toMatchObject({ name: "FreezeFailed" });
    expect(String(failed)).toMatch(/apt-get install (awscli|postgresql-client-15)/);
  });

  it("is frozen once: a second test of the same backup finds the first one's", async () => {
    const first = await ended(await take("freeze-start", proven("b3")));
    const again = await take("freeze-start", proven("b3", { name: "rt-later" }));
    expect(again["freezing"]).not.toHaveProperty("task");
    const second = await ended(again);
    expect((second as { frozen: unknown }).frozen).toEqual((first as { frozen: unknown }).frozen);
  });
});
