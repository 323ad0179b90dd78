import { join } from "node:path";
import * as s3 from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { s3Papers, s3Replica } from "../../../functions/aws/s3-files.ts";
import { s3Source } from "../../../functions/aws/s3-filestore.ts";
import { s3Manifests } from "../../../functions/aws/s3-manifests.ts";
import { s3Archive, s3Target } from "../../../functions/aws/s3-restore.ts";
import { type FilesRequest, filesBucket } from "../../../functions/files/contract.ts";
import { files } from "../../../functions/files/files.ts";
import { restoreFiles } from "../../../functions/files/restore.ts";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import { bundleFunctions } from "../../../lib/infra/bundles.ts";
import { s3Service } from "../../../lib/local-cloud/s3/service.ts";
import { bringBack } from "../../../lib/operator/files-back.ts";
import { s3Replicas } from "../../../lib/operator/s3-replicas.ts";
import type { Fleet } from "../../../lib/sla/fleet.ts";
import { running, SECRET } from "../../local-cloud/wire/running.ts";

const [HOME, PLACE, ELSEWHERE] = ["eu-central-2", "eu-west-1", "eu-north-1"];
const here = { account: "111111111111", region: PLACE };
const FILESTORE = "s3://hosting/odoo/acme";
const MB = 1024 * 1024;

const lost = new Set<string>();
const isCutOff = (region: string) => lost.has(region);
const service = s3Service({ secretAccessKey: SECRET, isCutOff });
const cloud = await running([service.definition], { isCutOff });
const home = new s3.S3Client(cloud.client(HOME));
const clock = clockFrom({});

beforeAll(() => {
  vi.stubEnv("AWS_ENDPOINT_URL", cloud.url);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", SECRET);
  service.createBucket("hosting", HOME);
  service.createBucket("rescue", ELSEWHERE);
  service.createBucket(filesBucket(here.account, PLACE), PLACE, { versioning: true });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  home.destroy();
  await cloud.server.close();
});

const put = (key: string, text: string) =>
  service.putObject("hosting", `odoo/${key}`, Buffer.from(text));
const SIZES = { atOnce: 5 * MB, part: 5 * MB };

function run(backup: string) {
  const ports = {
    clock,
    source: s3Source(clock, PLACE),
    replica: s3Replica(clock, here, SIZES),
    papers: s3Papers(clock, here),
  };
  const takenAt = clock.now().toISOString();
  const order = { instance: "acme", filestore: FILESTORE, gone: [] };
  return files({ orders: [{ ...order, backups: [{ id: backup, takenAt }] }] }, ports);
}

const restore = (backup: string, target: string) =>
  restoreFiles(
    { instance: "acme", backup, target },
    { clock, archive: s3Archive(clock, here), target: s3Target(clock, here, SIZES) },
  );

async function contents(prefix: string): Promise<Record<string, string>> {
  const client = new s3.S3Client(cloud.client(ELSEWHERE));
  const keys = service.keys("rescue").filter((key) => key.startsWith(prefix));
  const all = await Promise.all(
    keys.map(async (Key) => {
      const { Body } = await client.send(new s3.GetObjectCommand({ Bucket: "rescue", Key }));
      return [Key.slice(prefix.length), (await Body?.transformToString()) ?? ""] as const;
    }),
  );
  client.destroy();
  return Object.fromEntries(all);
}

/** Copied part by part, under the sizes above. */
const LARGE = `${"a".repeat(5 * MB)}the end`;

describe("files of a backup in S3", () => {
  it("are copied from the region where they lie, paired with versions, and restored elsewhere as they were", async () => {
    put("acme/1a/one ü+%&?.txt", "one");
    put("acme/2b/empty", "");
    put("acme/3c/large", LARGE);
    put("acme2/theirs", "not ours");
    await home.send(new s3.PutObjectCommand({ Bucket: "hosting", Key: "odoo/acme/", Body: "" }));
    expect(await run("b1")).toEqual({ done: [{ instance: "acme", outcome: "paired" }] });
    // Later changes do not reach the first backup.
    put("acme/1a/one ü+%&?.txt", "changed");
    await home.send(new s3.DeleteObjectCommand({ Bucket: "hosting", Key: "odoo/acme/2b/empty" }));
    expect(await run("b2")).toMatchObject({ done: [{ outcome: "paired" }] });
    expect(await s3Manifests(clock, here).all()).toEqual(
      new Map([["acme", new Set(["b1", "b2"])]]),
    );

    const paths = (await service.read(filesBucket(here.account, PLACE), "paths/acme/b2.txt"))
      .toString("utf8")
      .split("\n");
    expect(paths.map((path) => path.replace(/^files\/[^/]+\//, ""))).toEqual([
      ...["1a/one%20%C3%BC%2B~25%26%3F.txt", "3c/large", ""],
    ]);

    expect(await restore("b1", "s3://rescue/b1")).toEqual({ restored: 3, of: 3 });
    expect(await contents("b1/")).toEqual({
      ...{ "1a/one ü+%&?.txt": "one", "2b/empty": "", "3c/large": LARGE },
    });
    expect(await restore("b2", "s3://rescue/b2")).toEqual({ restored: 2, of: 2 });
    expect(await contents("b2/")).toEqual({ "1a/one ü+%&?.txt": "changed", "3c/large": LARGE });
  });

  it("are brought back by a person's own rights", async () => {
    const fleet = { provider: { account: here.account } } as Fleet;
    const replicas = s3Replicas({ clock, fleet });
    const manifest = await replicas.archive(PLACE).manifest("acme", "b2");
    if (!manifest) throw new Error("b2 has no manifest");
    const to = "s3://rescue/back";
    const plan = { instance: "acme", region: PLACE, to, manifest, bytes: 0, because: "" };
    expect(await bringBack({ clock }, replicas, plan, () => {})).toBe(2);
    expect(await contents("back/")).toEqual({ "1a/one ü+%&?.txt": "changed", "3c/large": LARGE });
  });

  it("are copied by the bundle as it is deployed", async () => {
    vi.stubEnv("AWS_REGION", PLACE);
    vi.stubEnv("SLA_ACCOUNT", here.account);
    vi.stubEnv("FLEET_KEY", "fleet/1.json");
    const bundles = await bundleFunctions(process.cwd());
    const { handler } = (await import(join(bundles.directory("sla-files"), "index.mjs"))) as {
      readonly handler: (event: FilesRequest, context: object) => Promise<unknown>;
    };
    put("birch/1", "of birch");
    const backups = [{ id: "b1", takenAt: clock.now().toISOString() }];
    const birch = { instance: "birch", filestore: "s3://hosting/odoo/birch", gone: [] };
    const done = await handler({ orders: [{ ...birch, backups }] }, {});
    expect(done).toEqual({ done: [{ instance: "birch", outcome: "paired" }] });
    const closed = { instance: "cedar", filestore: "s3://nowhere-at-all", gone: [], backups };
    await expect(handler({ orders: [closed] }, {})).rejects.toMatchObject({ name: "FilesFailed" });
    await s3Papers(clock, here).drop("birch", "b1");
  });

  it("that came in parts are not copied again", async () => {
    const versions = async () => [...(await s3Archive(clock, here).versions("acme"))].length;
    const before = await versions();
    await run("b3");
    expect(await versions()).toBe(before);
  });

  it("are not restored when a version was deleted by hand, and the error names its key", async () => {
    const manifest = await s3Archive(clock, here).manifest("acme", "b1");
    const file = manifest?.files.find(({ key }) => key === "1a/one ü+%&?.txt");
    const place = new s3.S3Client(cloud.client(PLACE));
    await place.send(
      new s3.DeleteObjectCommand({
        Bucket: filesBucket(here.account, PLACE),
        Key: `files/acme/${file?.key}`,
        VersionId: file?.versionId,
      }),
    );
    place.destroy();
    await expect(restore("b1", "s3://rescue/again")).rejects.toMatchObject({
      ...{ code: "FilesGone", message: expect.stringContaining("1a/one ü+%&?.txt") },
    });
    expect(await contents("again/")).toEqual({});
  });

  it("go with their manifest, and no other", async () => {
    await s3Papers(clock, here).drop("acme", "b1");
    expect((await s3Manifests(clock, here).all()).get("acme")).toEqual(new Set(["b2", "b3"]));
  });

  it("cannot be copied while the region where they lie is lost, and are afterwards", async () => {
    put("acme/4d/late", "late");
    const list = await s3Source(clock, PLACE).list({ bucket: "hosting", prefix: "odoo/acme/4d/" });
    const [file] = list;
    if (!file) throw new Error("there is no such file");
    const copy = () =>
      s3Replica(clock, here).copy({
        ...{ instance: "acme", from: { bucket: "hosting", prefix: "odoo/acme/4d/" }, file },
        until: new Date(clock.now().getTime() + 60_000),
      });
    lost.add(HOME);
    await expect(copy()).rejects.toMatchObject({ code: "CloudUnreachable" });
    lost.clear();
    expect(await copy()).toMatchObject({ kind: "copied", etag: file.etag });
  });

  it("of a bucket that is not there name the fleet's mistake", async () => {
    const list = s3Source(clock, PLACE).list({ bucket: "nowhere-at-all", prefix: "" });
    await expect(list).rejects.toMatchObject({ code: "FilestoreMissing", blame: "operator" });
  });

  it("are listed and removed however many they are", async () => {
    const names = Array.from({ length: 1103 }, (_, n) => `many/${n}`);
    for (const name of names) put(name, name);
    const found = await s3Source(clock, PLACE).list({ bucket: "hosting", prefix: "odoo/many/" });
    expect(found).toHaveLength(1103);
    const bucket = filesBucket(here.account, PLACE);
    for (const name of names) service.putObject(bucket, `files/dale/${name}`, Buffer.from(name));
    const replica = s3Replica(clock, here);
    expect((await replica.list("dale")).size).toBe(1103);
    await replica.remove("dale", names.slice(1));
    expect([...(await replica.list("dale")).keys()]).toEqual(["many/0"]);
  });
});
