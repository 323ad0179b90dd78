import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { s3Papers, s3Replica } from "../../../functions/aws/s3-files.ts";
import { s3Source } from "../../../functions/aws/s3-filestore.ts";
import { filesBucket } from "../../../functions/files/contract.ts";
import { files } from "../../../functions/files/files.ts";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import { s3Service } from "../../../lib/local-cloud/s3/service.ts";
import { bringBack } from "../../../lib/operator/files-back.ts";
import { finalFiles } from "../../../lib/operator/final-files.ts";
import { filesLines } from "../../../lib/operator/leave-lines.ts";
import { s3Replicas } from "../../../lib/operator/s3-replicas.ts";
import type { Backups, Plan } from "../../../lib/sla/plan.ts";
import { fleetOf, instance, QUICK_PLAN } from "../../fakes/fleet.ts";
import { running, SECRET } from "../../local-cloud/wire/running.ts";

const [HOME, PLACE] = ["eu-central-2", "eu-west-1"];
const FILESTORE = "s3://hosting/odoo/acme";
const schedules: Backups["schedules"] = [{ every: "1d", keep: "1w" }];
const sold = (contents: Backups["contents"]): Plan => ({
  ...QUICK_PLAN,
  backups: { contents, schedules },
});
const ACME = instance("acme", { filestore: FILESTORE });
const fleet = fleetOf([ACME], sold(["database", "filestore"]));
const here = { account: fleet.provider.account, region: PLACE };

const service = s3Service({ secretAccessKey: SECRET });
const cloud = await running([service.definition]);
const clock = clockFrom({});
const client = new S3Client(cloud.client(PLACE));

beforeAll(async () => {
  vi.stubEnv("AWS_ENDPOINT_URL", cloud.url);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", SECRET);
  service.createBucket("hosting", HOME);
  service.createBucket("rescue", PLACE);
  service.createBucket(filesBucket(here.account, PLACE), PLACE, { versioning: true });
  put("1a/one ü+%&'.txt", "one");
  put("2b/two", "two");
  await pair("b1");
  // What comes later is not what the last dump belongs to.
  put("2b/two", "changed");
  await pair("b2");
});
afterAll(async () => {
  vi.unstubAllEnvs();
  client.destroy();
  await cloud.server.close();
});

const put = (key: string, text: string) =>
  service.putObject("hosting", `odoo/acme/${key}`, Buffer.from(text));

function pair(id: string) {
  const sizes = { atOnce: 2 ** 20, part: 2 ** 20 };
  const ports = { clock, source: s3Source(clock, PLACE), papers: s3Papers(clock, here) };
  const backups = [{ id, takenAt: clock.now().toISOString() }];
  const order = { instance: "acme", filestore: FILESTORE, gone: [], backups };
  return files({ orders: [order] }, { ...ports, replica: s3Replica(clock, here, sizes) });
}

const replicas = s3Replicas({ clock, fleet });
const found = (backup: string, of = fleet) =>
  finalFiles({ fleet: of }, replicas.archive(PLACE), ACME, { region: PLACE, backup });

describe("the files of whoever leaves", () => {
  it("are copied in the way that is printed, as they were with the last dump", async () => {
    const final = await found("b1");
    if (typeof final === "string") throw new Error(final);
    expect(final).toMatchObject({ files: 2, bytes: 6, region: PLACE });
    const [head = "", ...lines] = filesLines(final, "UTC");
    expect(head).toMatch(/^ {2}files {3}2, 1 KB, as of /);
    const [, command = ""] = /npx sla restore-files (.*)/.exec(lines.join("\n")) ?? [];
    expect(command).toBe(`acme --backup b1 --region ${PLACE} --to s3://BUCKET/PREFIX`);
    const manifest = await replicas.archive(PLACE).manifest("acme", "b1");
    if (!manifest) throw new Error("b1 has no manifest");
    const plan = { instance: "acme", region: PLACE, manifest, bytes: 6, because: "" };
    await bringBack({ clock }, replicas, { ...plan, to: "s3://rescue/acme" }, () => {});
    const text = async (key: string) => {
      const Key = `acme/${key}`;
      const { Body } = await client.send(new GetObjectCommand({ Bucket: "rescue", Key }));
      return Body?.transformToString();
    };
    expect([await text("1a/one ü+%&'.txt"), await text("2b/two")]).toEqual(["one", "two"]);
  });

  it("are missing until their manifest is there, and none where none are sold", async () => {
    expect(await found("b3")).toBe("missing");
    expect(await found("b1", fleetOf([ACME], sold(["database"])))).toBe("none");
  });
});
