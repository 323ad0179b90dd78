import { randomBytes } from "node:crypto";
import { GetObjectCommand, ListMultipartUploadsCommand, S3Client } from "@aws-sdk/client-s3";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { s3Library } from "../../../functions/aws/s3-library.ts";
import { bytesOf } from "../../../functions/aws/s3-parts.ts";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import { ledgerBucket } from "../../../functions/ledger/contract.ts";
import { sha256 } from "../../../functions/report/sha256.ts";
import { s3Service } from "../../../lib/local-cloud/s3/service.ts";
import { running, SECRET } from "../../local-cloud/wire/running.ts";

const REGION = "eu-west-1";
const Bucket = ledgerBucket("1", REGION);
const service = s3Service({ secretAccessKey: SECRET });
const refused = { isOn: false };
const cloud = await running([service.definition], { isCutOff: () => refused.isOn });
service.createBucket(Bucket, REGION, { versioning: true });
beforeAll(() => {
  vi.stubEnv("AWS_ENDPOINT_URL", cloud.url);
  vi.stubEnv("AWS_REGION", REGION);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", SECRET);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await cloud.server.close();
});

const library = () => s3Library(clockFrom({ SLA_PACE: "600" }), { account: "1", region: REGION });
const client = new S3Client(cloud.client(REGION));
const uploads = async () =>
  (await client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads ?? [];

/** Some twenty megabytes, with letters that are longer as bytes. */
const BLOCKS = Array.from({ length: 20 }, () => `${randomBytes(500_000).toString("hex")}größer`);
const whole = () => BLOCKS.values();
const large = { [Symbol.iterator]: whole };

describe("the library of reports", () => {
  it("has a page as it was laid down, and keeps it", async () => {
    const type = "text/html; charset=utf-8";
    expect(await library().create("reports/2026-10/acme.html", "<p>größer</p>", type)).toBe(true);
    expect(await library().create("reports/2026-10/acme.html", "other", type)).toBe(false);
    expect(await library().text("reports/2026-10/acme.html")).toBe("<p>größer</p>");
    const Key = "reports/2026-10/acme.html";
    const { ContentType } = await client.send(new GetObjectCommand({ Bucket, Key }));
    expect(ContentType).toBe(type);
    expect(await library().sha256("reports/2026-10/acme.html")).toBe(sha256("<p>größer</p>"));
  });

  it("takes an empty one, and says of none that there is none", async () => {
    expect(await library().create("reports/2026-10/empty.csv", [], "text/csv")).toBe(true);
    expect(await library().text("reports/2026-10/empty.csv")).toBe("");
    expect(await library().text("reports/2026-10/none.csv")).toBeUndefined();
    expect(await library().sha256("reports/2026-10/none.csv")).toBeUndefined();
  });

  it("takes a large one in parts, under its type, and leaves none of them behind", async () => {
    const [Key, type] = ["reports/2026-10/index.json", "application/json"];
    expect(await library().create(Key, large, type)).toBe(true);
    expect(await library().sha256(Key)).toBe(sha256(large));
    const { ContentType, ETag } = await client.send(new GetObjectCommand({ Bucket, Key }));
    expect([ContentType, ETag]).toEqual([type, expect.stringMatching(/-3"$/)]);
    const other = [...BLOCKS, "more"];
    expect(await library().create(Key, other, type)).toBe(false);
    expect(await library().sha256(Key)).toBe(sha256(large));
    expect(await uploads()).toEqual([]);
  });

  it("leaves no part of one that cannot be finished", async () => {
    const Key = "reports/2026-10/broken.json";
    const broken = {
      *[Symbol.iterator]() {
        yield* BLOCKS;
        throw new Error("no more of it");
      },
    };
    const creating = library().create(Key, broken, "application/json");
    await expect(creating).rejects.toThrow("no more of it");
    expect(await library().text(Key)).toBeUndefined();
    expect(await uploads()).toEqual([]);
  });

  it("rejects with CloudUnreachable when its region does not answer", async () => {
    refused.isOn = true;
    const silent = { code: "CloudUnreachable" };
    await expect(library().create("a", "b", "text/csv")).rejects.toMatchObject(silent);
    await expect(library().sha256("a")).rejects.toMatchObject(silent);
    refused.isOn = false;
  });
});

describe("the bytes of a text", () => {
  it("are all of it, in parts of one size but for the last", () => {
    const texts = fc.array(fc.string({ unit: "grapheme" }));
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 9 }), (text, size) => {
        const parts = [...bytesOf(text, size)];
        expect(Buffer.concat(parts).toString("utf8")).toBe(text.join(""));
        expect(parts.slice(0, -1).every(({ length }) => length === size)).toBe(true);
        expect(parts.every(({ length }) => length > 0 && length <= size)).toBe(true);
      }),
    );
  });
});
