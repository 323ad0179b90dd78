import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { s3Ledger, s3Ledgers } from "../../../functions/aws/s3-ledger.ts";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import { s3Service } from "../../../lib/local-cloud/s3/service.ts";
import { running, SECRET } from "../../local-cloud/wire/running.ts";
import { behavesAsALedger } from "./ledger-contract.ts";

const lost = { asked: 0 };
const service = s3Service({ secretAccessKey: SECRET });
const cloud = await running([service.definition], {
  isCutOff(region) {
    if (region !== "eu-north-1") return false;
    lost.asked += 1;
    return true;
  },
});
service.createBucket("sla-ledger-1", "eu-west-1", { versioning: true });
afterAll(() => cloud.server.close());

const quick = { requestTimeout: 2000, throwOnRequestTimeout: true };
const ledgerIn = (region: string, bucket = "sla-ledger-1") =>
  s3Ledger(new S3Client({ ...cloud.client(region), requestHandler: quick }), bucket);

describe("the ledger in S3", () => {
  const ledger = ledgerIn("eu-west-1");
  behavesAsALedger(() => ledger, "s3");

  it("lists more keys than one page holds", async () => {
    const names = Array.from({ length: 1005 }, (_, n) => `many/${String(n).padStart(4, "0")}.json`);
    for (const name of names) service.putObject("sla-ledger-1", name, Buffer.from("1"));
    expect((await ledger.list("many/")).map(({ key }) => key)).toEqual(names);
  });

  it("says when it took what it lists, whatever that says itself", async () => {
    const begun = Math.floor(Date.now() / 1000) * 1000;
    await ledger.create("maintenance/m1.json", { announcedAt: "2020-01-01T00:00:00.000Z" });
    const [listed] = await ledger.list("maintenance/");
    const writtenMs = Date.parse(listed?.writtenAt ?? "");
    expect(writtenMs).toBeGreaterThanOrEqual(begun);
    expect(writtenMs).toBeLessThanOrEqual(Date.now());
  });

  it("says what was put together from parts, which S3 dates to when that was begun", async () => {
    const client = new S3Client(cloud.client("eu-west-1"));
    const at = { Bucket: "sla-ledger-1", Key: "parts/m1.json" };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(at));
    const part = { ...at, UploadId, PartNumber: 1, Body: "{}" };
    const { ETag } = await client.send(new UploadPartCommand(part));
    const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] };
    await client.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload }));
    await ledger.create("parts/m2.json", {});
    const listed = await ledger.list("parts/");
    expect(listed.map(({ key, assembled }) => [key, assembled])).toEqual([
      ["parts/m1.json", true],
      ["parts/m2.json", undefined],
    ]);
  });

  it("rejects with CloudUnreachable when the region does not answer", async () => {
    await expect(ledgerIn("eu-north-1").read("roles/acme.json")).rejects.toMatchObject({
      code: "CloudUnreachable",
      message: expect.stringContaining("read s3://sla-ledger-1/roles/acme.json"),
    });
  });

  it("asks another site once that does not answer in time, and its own again", async () => {
    vi.stubEnv("AWS_ENDPOINT_URL", cloud.url);
    vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", SECRET);
    onTestFinished(() => void vi.unstubAllEnvs());
    // Every time-out is at its floor.
    const clock = clockFrom({ SLA_PACE: "600" });
    const asked = async (site: string) => {
      const begun = lost.asked;
      const ledger = s3Ledgers({ account: "1", clock, site })("eu-north-1");
      await expect(ledger.read("a")).rejects.toMatchObject({ code: "CloudUnreachable" });
      return lost.asked - begun;
    };
    expect(await asked("eu-west-1")).toBe(1);
    expect(await asked("eu-north-1")).toBe(2);
  });

  it("says which site lacks its stack when there is no bucket", async () => {
    await expect(ledgerIn("eu-west-1", "none").create("a", 1)).rejects.toMatchObject({
      code: "LedgerMissing",
      blame: "operator",
    });
  });

  it("takes its own write for its own when only the answer was lost", async () => {
    const client = new S3Client({ ...cloud.client("eu-west-1"), maxAttempts: 2 });
    let answers = 0;
    client.middlewareStack.add(
      (next) => async (args) => {
        const output = await next(args);
        answers += 1;
        if (answers > 1) return output;
        throw Object.assign(new Error("the answer got lost"), { name: "TimeoutError" });
      },
      { step: "finalizeRequest", priority: "low", name: "loseTheFirstAnswer" },
    );
    expect(await s3Ledger(client, "sla-ledger-1").create("locks/acme.json", { by: "us" })).toBe(
      true,
    );
    expect(answers).toBeGreaterThan(1);
  });
});
