import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { Decrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Delivery, DeliveryState } from "../../../functions/deliver/contract.ts";
import { archiveOf, fileOf } from "../../../functions/deliver/names.ts";
import { type LocalSftp, startSftp } from "../../../lib/local-cloud/sftp/server.ts";
import type { FiledFile, Manifest } from "../../../lib/sla/backups/manifest.ts";
import type { Destination } from "../../../lib/sla/fleet.ts";
import { type FrozenSite, fleet, frozenSite, REGION, ROWS, WITHIN } from "./frozen-site.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });
const PACE = 60;
const REPLICA = `sla-files-111111111111-${REGION}`;
const FILED = [
  ["ab/abcdef", "one"],
  ["ä/Übersicht.pdf", "two"],
] as const;
const LEDGER = `sla-ledger-111111111111-${REGION}`;
/** The customer's own, elsewhere. */
const AWAY = "eu-west-3";
const BUCKET = "acme-backups";
/** Of now: what is old by the clock of the run is told as late. */
const TAKEN_AT = new Date().toISOString();
const DUMPED = { takenAt: TAKEN_AT, postgres: { server: "15", dumpedBy: "15" } };
const FILE = (instance: string) => fileOf(instance, DUMPED);

const lying = mkdtempSync(join(tmpdir(), "customers-"));
const names = () => readdirSync(lying).filter((name) => !name.startsWith("."));
let server: LocalSftp;
let identity = "";
let site: FrozenSite;
let away: S3Client;
let secrets: SecretsManagerClient;

beforeAll(async () => {
  server = await startSftp({ directory: lying, port: 0 });
  const { host, port } = server;
  identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const hostKey = [server.hostKey];
  const destinations: Readonly<Record<string, Destination>> = {
    cedar: {
      ...{ kind: "sftp", host, port, path: "/", hostKey, recipient, files: true },
      secret: "cedar/destination",
    },
    acme: {
      ...{ kind: "s3", bucket: BUCKET, region: AWAY, prefix: "odoo/", recipient },
      secret: "acme/destination",
    },
  };
  const instances = fleet.instances.map((each) => {
    const destination = destinations[each.id];
    return destination ? { ...each, destination } : each;
  });
  site = await frozenSite(PACE, { ...fleet, instances });
  const { url, ground } = site.cloud;
  const options = { endpoint: url, credentials: ground.credentials };
  away = new S3Client({ ...options, region: AWAY, forcePathStyle: true });
  secrets = new SecretsManagerClient({ ...options, region: REGION });
  const where = { LocationConstraint: AWAY } as const;
  await away.send(new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: where }));
  const { accessKeyId, secretAccessKey } = ground.credentials;
  await keep("cedar/destination", { username: "sla", password: "wrong so far" });
  await keep("acme/destination", { accessKeyId, secretAccessKey });
});
afterAll(async () => {
  away?.destroy();
  secrets?.destroy();
  await site?.close();
  await server?.close();
  rmSync(lying, { recursive: true });
});

/** A replica whose files have changed since, and which of their versions belong to the backup. */
async function filed() {
  const files: FiledFile[] = [];
  for (const [key, content] of FILED) {
    const put = { Bucket: REPLICA, Key: `files/cedar/${key}` };
    const { VersionId = "" } = await site.s3.send(new PutObjectCommand({ ...put, Body: content }));
    await site.s3.send(new PutObjectCommand({ ...put, Body: "of later" }));
    files.push({ key, size: Buffer.byteLength(content), etag: '"e"', versionId: VersionId });
  }
  const manifest: Manifest = {
    ...{ instance: "cedar", backup: "b1", takenAt: TAKEN_AT, filesAt: TAKEN_AT, files },
    filestore: "s3://cedar-filestore",
  };
  const Body = gzipSync(JSON.stringify(manifest));
  const at = { Bucket: REPLICA, Key: "manifests/cedar/b1.json.gz" };
  await site.s3.send(new PutObjectCommand({ ...at, Body }));
}

const keep = (Name: string, secret: object) =>
  secrets.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(secret) }));

async function written<T>(Key: string): Promise<T | undefined> {
  const asked = site.s3.send(new GetObjectCommand({ Bucket: LEDGER, Key }));
  const { Body } = await asked.catch(() => ({ Body: undefined }));
  return Body && (JSON.parse(await Body.transformToString()) as T);
}
const stateOf = (instance: string) => written<DeliveryState>(`delivering/${instance}.json`);
const recordOf = (instance: string) => written<Delivery>(`deliveries/${instance}/b1.json`);

/** As its schedule does every hour; what it finds is done in invocations of their own. */
const look = () =>
  site.cloud.services.lambda.invoke({
    ...{ region: REGION, name: "sla-deliver", payload: "{}", trace: "test" },
  });

/** Freezes a restored backup, as a restore test does behind its proof. */
async function frozen(instance: string) {
  const request = { instance, backup: "b1" };
  const name = `rt-${instance}`;
  const done = await site.ended(
    await site.take("freeze-start", site.proven("b1", { request, name, takenAt: TAKEN_AT })),
  );
  return (done as { frozen: { sha256: string; bytes: number } }).frozen;
}

async function opened(sealed: Uint8Array): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypter.decrypt(sealed);
}
const sumOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("a frozen copy", () => {
  it("waits while the customer's server refuses us, which is said and holds up nobody else", async () => {
    await filed();
    const { sha256 } = await frozen("acme");
    await frozen("cedar");
    expect(await look()).toMatchObject({ kind: "answered", payload: '{"asked":2}' });
    await expect
      .poll(async () => (await stateOf("cedar"))?.trouble, WITHIN)
      .toMatchObject({ code: "LoginRefused", told: "LoginRefused" });
    expect(names()).toEqual([]);
    await expect.poll(() => recordOf("acme"), WITHIN).toBeDefined();
    const { Body } = await away.send(
      new GetObjectCommand({ Bucket: BUCKET, Key: `odoo/${FILE("acme")}` }),
    );
    const plain = await opened((await Body?.transformToByteArray()) ?? new Uint8Array());
    expect(sumOf(plain)).toBe(sha256);
  });

  it("goes there with the next look once we are let in, and is restored by stock pg_restore", async () => {
    const { username, password } = server;
    const login = { username, password };
    await secrets.send(
      new PutSecretValueCommand({
        SecretId: "cedar/destination",
        SecretString: JSON.stringify(login),
      }),
    );
    await look();
    await expect.poll(async () => (await recordOf("cedar"))?.files, WITHIN).toBeDefined();
    const record = await recordOf("cedar");
    const archive = archiveOf("cedar", DUMPED);
    expect(names().toSorted()).toEqual(
      [FILE("cedar"), archive].flatMap((name) => [name, `${name}.json`]),
    );
    expect(record?.files).toMatchObject({ name: archive, count: FILED.length });
    await areUnpacked(await opened(readFileSync(join(lying, archive))));
    const sealed = readFileSync(join(lying, FILE("cedar")));
    expect(record?.encrypted).toEqual({ bytes: sealed.length, sha256: sumOf(sealed) });
    const plain = await opened(sealed);
    expect(record?.plain).toEqual({ bytes: plain.length, sha256: sumOf(plain) });
    await expect.poll(async () => (await stateOf("cedar"))?.trouble, WITHIN).toBeUndefined();
    await isRestored(plain);
  });

  async function areUnpacked(archive: Uint8Array) {
    writeFileSync(join(site.directory, "files.tar"), archive);
    execFileSync("tar", ["-xf", "files.tar"], { cwd: site.directory });
    for (const [key, content] of FILED) {
      expect(readFileSync(join(site.directory, "files", key), "utf8")).toBe(content);
    }
  }

  it("goes there once, and no credential is in any log", async () => {
    const touched = () => [lying, join(lying, FILE("cedar"))].map((it) => statSync(it).mtimeMs);
    const before = touched();
    const looks = () =>
      site.cloud.ground.log
        .all()
        .filter(({ detail }) => JSON.stringify(detail ?? {}).includes("all is there")).length;
    const now = looks();
    await look();
    await expect.poll(looks, WITHIN).toBeGreaterThan(now);
    expect(touched()).toEqual(before);
    const told = JSON.stringify(site.cloud.ground.log.all());
    expect(told).toContain(FILE("cedar"));
    expect(told).not.toContain("wrong so far");
    expect(told).not.toContain(server.password);
  });

  async function isRestored(plain: Uint8Array) {
    const file = join(site.directory, "delivered.dump");
    writeFileSync(file, plain);
    chmodSync(file, 0o644);
    const { rds } = site.cloud.services;
    await rds.adminQuery(REGION, "restored", "create database elsewhere owner postgres");
    // An old pg_dump does not leave it out; its comment and rights belong to whoever made it.
    await rds.adminQuery(REGION, "restored", "create extension amcheck", [], "elsewhere");
    const { address, port } = rds.server(REGION, "restored");
    const into = ["-h", address, "-p", String(port), "-U", "postgres", "-d", "elsewhere"];
    const ours = ["--no-owner", "--no-privileges", "--no-comments"];
    execFileSync("pg_restore", [...ours, "--exit-on-error", ...into, file], {
      env: { ...process.env, PGPASSWORD: site.password },
    });
    const count = "select count(*)::int as rows from orders";
    const rows = await rds.adminQuery(REGION, "restored", count, [], "elsewhere");
    expect(rows).toEqual([{ rows: ROWS }]);
  }
});
