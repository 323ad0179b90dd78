import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import * as s3 from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { s3Service } from "../../../lib/local-cloud/s3/service.ts";
import { running, SECRET } from "../wire/running.ts";

const directory = mkdtempSync(join(tmpdir(), "local-s3-"));
const service = s3Service({ secretAccessKey: SECRET, directory });
const cloud = await running([service.definition], { isCutOff: (region) => region === "eu-lost-1" });
const client = new s3.S3Client(cloud.client());
const Bucket = "ledger";

beforeAll(() => service.createBucket(Bucket, "eu-central-2", { versioning: true }));
afterAll(async () => {
  client.destroy();
  await cloud.server.close();
  rmSync(directory, { recursive: true });
});

const put = (Key: string, Body: string | Buffer | Readable, more = {}) =>
  client.send(new s3.PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = async (Key: string, more = {}) => {
  const answer = await client.send(new s3.GetObjectCommand({ Bucket, Key, ...more }));
  return { ...answer, text: await answer.Body?.transformToString() };
};

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("base64");

describe("objects", () => {
  it("are given back as they were put, with type, metadata, tag and version", async () => {
    const { ETag, VersionId } = await put("a/one ü+%.txt", "hello", {
      ContentType: "text/plain",
      Metadata: { colour: "red" },
    });
    expect(ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
    expect(await get("a/one ü+%.txt")).toMatchObject({
      text: "hello",
      ContentType: "text/plain",
      Metadata: { colour: "red" },
      ETag,
      VersionId,
      ContentLength: 5,
    });
  });

  it.for([
    ["bytes=0-1", "he", "bytes 0-1/5"],
    ["bytes=3-", "lo", "bytes 3-4/5"],
    ["bytes=-2", "lo", "bytes 3-4/5"],
    ["bytes=1-99", "ello", "bytes 1-4/5"],
  ] as const)("answers the range %s", async ([Range, text, ContentRange]) => {
    await put("ranged", "hello");
    const answer = await get("ranged", { Range });
    expect(answer).toMatchObject({ text, ContentRange, $metadata: { httpStatusCode: 206 } });
  });

  it("refuse a range behind their end", async () => {
    await put("ranged", "hello");
    await expect(get("ranged", { Range: "bytes=9-" })).rejects.toMatchObject({
      name: "InvalidRange",
      $metadata: { httpStatusCode: 416 },
    });
  });

  it("may be empty", async () => {
    await put("empty", "");
    expect((await get("empty")).text).toBe("");
  });

  it("keep large streamed bodies on disk until their last version goes", async () => {
    const bytes = Buffer.alloc(3_000_000, "abc");
    const { VersionId } = await put("large", Readable.from([bytes]), {
      ContentLength: bytes.length,
    });
    expect(readdirSync(directory)).toHaveLength(1);
    expect((await get("large")).text).toBe(bytes.toString());
    expect((await get("large", { Range: "bytes=2999998-" })).text).toBe("bc");
    await client.send(new s3.DeleteObjectCommand({ Bucket, Key: "large", VersionId }));
    expect(readdirSync(directory)).toHaveLength(0);
  });

  it("are refused when their checksum is another", async () => {
    const wrong = put("sum", "hello", { ChecksumCRC32: "AAAAAA==" });
    await expect(wrong).rejects.toMatchObject({ name: "BadDigest" });
    await expect(get("sum")).rejects.toThrow(s3.NoSuchKey);
  });

  it("take and give checksums: CRC32 verified, CRC64NVME kept as stated", async () => {
    const { ChecksumCRC32 } = await put("sum2", "hello", { ChecksumAlgorithm: "CRC32" });
    expect(ChecksumCRC32).toBe("NhCmhg==");
    const { ChecksumSHA256 } = await put("sum3", "hello", { ChecksumAlgorithm: "SHA256" });
    expect(ChecksumSHA256).toBe("LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=");
  });

  it("are said to be missing by GET, HEAD and a version that never was", async () => {
    await expect(get("nowhere")).rejects.toBeInstanceOf(s3.NoSuchKey);
    const head = client.send(new s3.HeadObjectCommand({ Bucket, Key: "nowhere" }));
    await expect(head).rejects.toBeInstanceOf(s3.NotFound);
    await expect(get("nowhere", { VersionId: "x" })).rejects.toMatchObject({
      name: "NoSuchVersion",
    });
  });

  it("are copied with or without their metadata", async () => {
    await put("source ü", "hello", { Metadata: { a: "1" } });
    const copy = { Bucket, Key: "copy", CopySource: `${Bucket}/${encodeURIComponent("source ü")}` };
    await client.send(new s3.CopyObjectCommand(copy));
    expect(await get("copy")).toMatchObject({ text: "hello", Metadata: { a: "1" } });
    await client.send(
      new s3.CopyObjectCommand({ ...copy, MetadataDirective: "REPLACE", Metadata: { b: "2" } }),
    );
    expect((await get("copy")).Metadata).toEqual({ b: "2" });
  });

  it("answer 304 to a reader who has them", async () => {
    const { ETag } = await put("known", "hello");
    const again = get("known", { IfNoneMatch: ETag });
    await expect(again).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
  });
});

describe("conditional writes", () => {
  it("create once, however often they are tried at the same time", async () => {
    const tries = Array.from({ length: 20 }, (_, n) =>
      put("lock", `owner ${n}`, { IfNoneMatch: "*" }).then(
        () => "created",
        (error) => `${error.name} ${error.$metadata.httpStatusCode}`,
      ),
    );
    const outcomes = await Promise.all(tries);
    expect(outcomes.toSorted()).toEqual([
      ...Array.from({ length: 19 }, () => "PreconditionFailed 412"),
      "created",
    ]);
  });

  it("create again after a delete marker", async () => {
    await client.send(new s3.DeleteObjectCommand({ Bucket, Key: "lock" }));
    await put("lock", "next", { IfNoneMatch: "*" });
    expect((await get("lock")).text).toBe("next");
  });

  it("replace only the version with that tag", async () => {
    const { ETag } = await put("state", "1");
    await put("state", "2", { IfMatch: ETag });
    await expect(put("state", "3", { IfMatch: ETag })).rejects.toMatchObject({
      name: "PreconditionFailed",
      $metadata: { httpStatusCode: 412 },
    });
    expect((await get("state")).text).toBe("2");
    await expect(put("never", "1", { IfMatch: ETag })).rejects.toBeInstanceOf(s3.NoSuchKey);
  });

  it("answer 409 when the object changes while the body is on its way", async () => {
    const { ETag } = await put("raced", "1");
    const body = new PassThrough();
    const context = { region: "eu-central-2", requestId: "late" };
    const operation = service.definition.operations["PutObject"];
    const late = operation?.({ Bucket, Key: "raced", IfMatch: ETag, Body: body }, context);
    await put("raced", "3");
    body.end("2");
    await expect(late).rejects.toMatchObject({
      code: "ConditionalRequestConflict",
      status: 409,
    });
    expect((await get("raced")).text).toBe("3");
  });
});

describe("listings", () => {
  const keys = ["p/a", "p/b/1", "p/b/2", "p/c", "p/d/1"];
  beforeAll(async () => {
    for (const key of keys) await put(key, key);
  });
  const all = async (input: Partial<s3.ListObjectsV2CommandInput>) => {
    const pages = s3.paginateListObjectsV2({ client }, { Bucket, Prefix: "p/", ...input });
    const found = { keys: [] as unknown[], prefixes: [] as unknown[], pages: 0 };
    for await (const page of pages) {
      found.pages += 1;
      found.keys.push(...(page.Contents ?? []).map(({ Key }) => Key));
      found.prefixes.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
    }
    return found;
  };

  it("come in order and in pages", async () => {
    expect(await all({})).toEqual({ keys, prefixes: [], pages: 1 });
    expect(await all({ MaxKeys: 2 })).toEqual({ keys, prefixes: [], pages: 3 });
  });

  it.each([1, 2, 3, 1000])("roll keys up at the delimiter, %i to a page", async (MaxKeys) => {
    expect(await all({ Delimiter: "/", MaxKeys })).toMatchObject({
      keys: ["p/a", "p/c"],
      prefixes: ["p/b/", "p/d/"],
    });
  });

  it("start after a key", async () => {
    expect((await all({ StartAfter: "p/b/2" })).keys).toEqual(["p/c", "p/d/1"]);
  });

  it("exist in version 1 too", async () => {
    const query = { Bucket, Prefix: "p/", MaxKeys: 4, Delimiter: "/" };
    const first = await client.send(new s3.ListObjectsCommand({ ...query, MaxKeys: 2 }));
    expect(first).toMatchObject({ IsTruncated: true, NextMarker: "p/b/" });
    const next = await client.send(
      new s3.ListObjectsCommand({ ...query, Marker: first.NextMarker }),
    );
    expect(next.Contents?.map(({ Key }) => Key)).toEqual(["p/c"]);
    expect(next.IsTruncated).toBe(false);
  });

  it("encode keys when asked", async () => {
    await put("q/ü&+ x", "1");
    const listed = await client.send(
      new s3.ListObjectsV2Command({ Bucket, Prefix: "q/", EncodingType: "url" }),
    );
    expect(listed.Contents?.[0]?.Key).toBe("q/%C3%BC%26%2B%20x");
  });
});

describe("versions", () => {
  it("outlive a delete, which leaves a marker", async () => {
    const first = await put("v", "1");
    await put("v", "2");
    const marker = await client.send(new s3.DeleteObjectCommand({ Bucket, Key: "v" }));
    expect(marker).toMatchObject({ DeleteMarker: true });
    await expect(get("v")).rejects.toBeInstanceOf(s3.NoSuchKey);
    expect((await get("v", { VersionId: first.VersionId })).text).toBe("1");
    const query = new s3.ListObjectVersionsCommand({ Bucket, Prefix: "v" });
    const listed = await client.send(query);
    expect(listed.Versions?.map(({ IsLatest }) => IsLatest)).toEqual([false, false]);
    expect(listed.DeleteMarkers).toMatchObject([{ IsLatest: true }]);
    const { VersionId } = marker;
    await client.send(new s3.DeleteObjectCommand({ Bucket, Key: "v", VersionId }));
    expect((await get("v")).text).toBe("2");
  });

  it("are deleted many at once, with a report of each", async () => {
    const { VersionId } = await put("w", "1");
    const Objects = [{ Key: "w", VersionId }, { Key: "never" }];
    const { Deleted } = await client.send(
      new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects } }),
    );
    expect(Deleted).toMatchObject([
      { Key: "w", VersionId },
      { Key: "never", DeleteMarker: true },
    ]);
  });
});

describe("object lock", () => {
  const vault = "frozen";
  const until = new Date(Date.now() + 3_600_000);
  const lock = (Key: string, Mode: s3.ObjectLockMode) =>
    client.send(
      new s3.PutObjectCommand({
        Bucket: vault,
        Key,
        Body: "x",
        ObjectLockMode: Mode,
        ObjectLockRetainUntilDate: until,
      }),
    );
  const remove = (Key: string, VersionId: string | undefined, BypassGovernanceRetention = false) =>
    client.send(
      new s3.DeleteObjectCommand({ Bucket: vault, Key, VersionId, BypassGovernanceRetention }),
    );
  beforeAll(async () => {
    const LocationConstraint = "eu-central-2";
    await client.send(
      new s3.CreateBucketCommand({
        Bucket: vault,
        ObjectLockEnabledForBucket: true,
        CreateBucketConfiguration: { LocationConstraint },
      }),
    );
  });

  it("in compliance mode yields to nobody", async () => {
    const { VersionId } = await lock("c", "COMPLIANCE");
    await expect(remove("c", VersionId)).rejects.toMatchObject({ name: "AccessDenied" });
    await expect(remove("c", VersionId, true)).rejects.toMatchObject({ name: "AccessDenied" });
    const shorten = new s3.PutObjectRetentionCommand({
      Bucket: vault,
      Key: "c",
      BypassGovernanceRetention: true,
      Retention: { Mode: "COMPLIANCE", RetainUntilDate: new Date() },
    });
    await expect(client.send(shorten)).rejects.toMatchObject({ name: "AccessDenied" });
  });

  it("in governance mode yields to who says so", async () => {
    const { VersionId } = await lock("g", "GOVERNANCE");
    await expect(remove("g", VersionId)).rejects.toMatchObject({ name: "AccessDenied" });
    await remove("g", VersionId, true);
  });

  it("gives new objects the bucket's retention", async () => {
    await client.send(
      new s3.PutObjectLockConfigurationCommand({
        Bucket: vault,
        ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: 2 } } },
      }),
    );
    await client.send(new s3.PutObjectCommand({ Bucket: vault, Key: "d", Body: "x" }));
    const { Retention } = await client.send(
      new s3.GetObjectRetentionCommand({ Bucket: vault, Key: "d" }),
    );
    expect(Retention?.Mode).toBe("GOVERNANCE");
    expect(Number(Retention?.RetainUntilDate)).toBeGreaterThan(Date.now() + 47 * 3_600_000);
  });
});

describe("multipart uploads", () => {
  const begin = async (Key: string) =>
    (await client.send(new s3.CreateMultipartUploadCommand({ Bucket, Key }))).UploadId;
  const part = (Key: string, UploadId: string | undefined, PartNumber: number, Body: Buffer) =>
    client
      .send(new s3.UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }))
      .then(({ ETag }) => ({ ETag, PartNumber }));

  it("join their parts in order", async () => {
    const UploadId = await begin("m");
    const big = Buffer.alloc(5 * 1024 * 1024, "a");
    const second = await part("m", UploadId, 2, Buffer.from("tail"));
    const first = await part("m", UploadId, 1, big);
    const { ETag } = await client.send(
      new s3.CompleteMultipartUploadCommand({
        Bucket,
        Key: "m",
        UploadId,
        MultipartUpload: { Parts: [first, second] },
      }),
    );
    expect(ETag).toMatch(/-2"$/);
    const { text } = await get("m");
    expect(text?.length).toBe(big.length + 4);
    expect(text?.endsWith("atail")).toBe(true);
  });

  describe("by copying", () => {
    const CopySource = `${Bucket}/${encodeURIComponent("a big ü+%")}`;
    const copied = (UploadId: string | undefined, PartNumber: number, more: object) =>
      client
        .send(
          new s3.UploadPartCopyCommand({
            ...{ Bucket, Key: "c", UploadId, PartNumber, CopySource },
            ...more,
          }),
        )
        .then(({ CopyPartResult }) => ({ ETag: CopyPartResult?.ETag, PartNumber }));
    const SIZE = 5 * 1024 * 1024 + 3;
    beforeAll(() => put("a big ü+%", `${"a".repeat(SIZE - 3)}xyz`));

    it("take ranges of an object that is still the one that was meant", async () => {
      const { ETag: CopySourceIfMatch } = await client.send(
        new s3.HeadObjectCommand({ Bucket, Key: "a big ü+%" }),
      );
      const UploadId = await begin("c");
      const Parts = [
        await copied(UploadId, 1, { CopySourceIfMatch, CopySourceRange: `bytes=0-${SIZE - 4}` }),
        await copied(UploadId, 2, { CopySourceRange: `bytes=${SIZE - 3}-${SIZE - 1}` }),
      ];
      await client.send(
        new s3.CompleteMultipartUploadCommand({
          ...{ Bucket, Key: "c", UploadId, MultipartUpload: { Parts } },
        }),
      );
      const { text } = await get("c");
      expect([text?.length, text?.slice(-4)]).toEqual([SIZE, "axyz"]);
      await expect(copied(UploadId, 3, {})).rejects.toBeInstanceOf(s3.NoSuchUpload);
    });

    it("are named with their checksums where the upload began with one", async () => {
      const { UploadId } = await client.send(
        new s3.CreateMultipartUploadCommand({ Bucket, Key: "c", ChecksumAlgorithm: "SHA256" }),
      );
      const part = new s3.UploadPartCopyCommand({
        ...{ Bucket, Key: "c", UploadId, PartNumber: 1, CopySource },
      });
      const { CopyPartResult: { ETag, ChecksumSHA256 } = {} } = await client.send(part);
      const complete = (more: object) =>
        client.send(
          new s3.CompleteMultipartUploadCommand({
            ...{ Bucket, Key: "c", UploadId },
            MultipartUpload: { Parts: [{ PartNumber: 1, ETag, ...more }] },
          }),
        );
      await expect(complete({})).rejects.toMatchObject({
        ...{ name: "InvalidRequest", message: expect.stringContaining("created using a sha256") },
      });
      const wrong = { ChecksumSHA256: Buffer.alloc(32).toString("base64") };
      await expect(complete(wrong)).rejects.toMatchObject({ name: "InvalidPart" });
      expect(await complete({ ChecksumSHA256 })).toMatchObject({ Key: "c" });
    });

    it.each([
      ["another content", { CopySourceIfMatch: '"0"' }, "PreconditionFailed"],
      ["a range behind its end", { CopySourceRange: `bytes=0-${SIZE}` }, "InvalidRange"],
      ["a range without an end", { CopySourceRange: "bytes=3-" }, "InvalidArgument"],
      ["no source", { CopySource: `${Bucket}/none` }, "NoSuchKey"],
      ["part 10,001", { PartNumber: 10_001 }, "InvalidArgument"],
    ] as const)("refuse %s", async (_, more, name) => {
      const UploadId = await begin("c");
      await expect(copied(UploadId, 1, more)).rejects.toMatchObject({ name });
    });
  });

  it("have a checksum of their parts' checksums, and are of the size that was stated, or are none", async () => {
    const { UploadId } = await client.send(
      new s3.CreateMultipartUploadCommand({ Bucket, Key: "w", ChecksumAlgorithm: "SHA256" }),
    );
    const own = { PartNumber: 1, ChecksumSHA256: sha256(Buffer.from("whole")) };
    const { ETag } = await client.send(
      new s3.UploadPartCommand({ ...{ Bucket, Key: "w", UploadId, Body: "whole" }, ...own }),
    );
    const complete = (more: object) =>
      client.send(
        new s3.CompleteMultipartUploadCommand({
          ...{ Bucket, Key: "w", UploadId, MultipartUpload: { Parts: [{ ...own, ETag }] } },
          ...more,
        }),
      );
    const sum = `${sha256(Buffer.from(own.ChecksumSHA256, "base64"))}-1`;
    const wrong = { ChecksumSHA256: sum.replace("-1", "-2") };
    await expect(complete(wrong)).rejects.toMatchObject({ name: "BadDigest" });
    await expect(complete({ MpuObjectSize: 6 })).rejects.toMatchObject({ name: "InvalidRequest" });
    const done = await complete({ ChecksumSHA256: sum, MpuObjectSize: 5 });
    expect(done.ChecksumSHA256).toBe(sum);
    expect(await get("w", { ChecksumMode: "ENABLED" })).toMatchObject({
      ...{ text: "whole", ChecksumSHA256: sum, ChecksumType: "COMPOSITE" },
    });
  });

  it("are gone when aborted", async () => {
    const UploadId = await begin("n");
    await client.send(new s3.AbortMultipartUploadCommand({ Bucket, Key: "n", UploadId }));
    await expect(part("n", UploadId, 1, Buffer.from("x"))).rejects.toBeInstanceOf(s3.NoSuchUpload);
  });
});

describe("buckets", () => {
  it("are unknown, redirected or full, each with its own error", async () => {
    const head = (region: string, name: string) => {
      const other = new s3.S3Client(cloud.client(region));
      return other.send(new s3.GetBucketVersioningCommand({ Bucket: name }));
    };
    await expect(head("eu-central-2", "none")).rejects.toMatchObject({ name: "NoSuchBucket" });
    await expect(head("eu-central-1", Bucket)).rejects.toMatchObject({
      ...{ name: "PermanentRedirect", $metadata: { httpStatusCode: 301 } },
      $response: { headers: { "x-amz-bucket-region": "eu-central-2" } },
    });
    await put("keep", "1");
    const remove = client.send(new s3.DeleteBucketCommand({ Bucket }));
    await expect(remove).rejects.toMatchObject({ name: "BucketNotEmpty" });
  });

  it("keep what is configured", async () => {
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [] });
    await client.send(new s3.PutBucketPolicyCommand({ Bucket, Policy }));
    const policy = await client.send(new s3.GetBucketPolicyCommand({ Bucket }));
    expect(policy.Policy).toBe(Policy);
    const Tagging = { TagSet: [{ Key: "a", Value: "b" }] };
    await client.send(new s3.PutBucketTaggingCommand({ Bucket, Tagging }));
    expect(await client.send(new s3.GetBucketTaggingCommand({ Bucket }))).toMatchObject(Tagging);
    const location = await client.send(new s3.GetBucketLocationCommand({ Bucket }));
    expect(location.LocationConstraint).toBe("eu-central-2");
    const { Buckets } = await client.send(new s3.ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toContain(Bucket);
  });

  it("answer an operation that is lacking with 501 and its name", async () => {
    const lacking = client.send(new s3.GetBucketAccelerateConfigurationCommand({ Bucket }));
    await expect(lacking).rejects.toMatchObject({
      name: "NotImplemented",
      message: "s3: the local cloud lacks the operation GetBucketAccelerateConfiguration",
      $metadata: { httpStatusCode: 501 },
    });
  });

  it("hang in a region that is cut off", async () => {
    const lost = new s3.S3Client({
      ...cloud.client("eu-lost-1"),
      requestHandler: { requestTimeout: 150, throwOnRequestTimeout: true },
    });
    const look = lost.send(new s3.GetObjectCommand({ Bucket, Key: "keep" }));
    await expect(look).rejects.toMatchObject({ name: "TimeoutError" });
    lost.destroy();
  });

  it.for([
    ["by path", true],
    ["by host name", false],
  ] as const)("are addressed %s", async ([, forcePathStyle]) => {
    const port = new URL(cloud.url).port;
    const lookup = (_name: string, options: { all?: boolean }, done: CallableFunction) =>
      options.all ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4);
    const httpAgent = new Agent({ lookup } as object);
    const other = new s3.S3Client({
      ...cloud.client(),
      endpoint: `http://localhost:${port}`,
      forcePathStyle,
      requestHandler: { httpAgent },
    });
    await other.send(new s3.PutObjectCommand({ Bucket, Key: "by/host", Body: "1" }));
    const found = await other.send(new s3.ListObjectsV2Command({ Bucket, Prefix: "by/" }));
    expect(found.Contents?.map(({ Key }) => Key)).toEqual(["by/host"]);
    other.destroy();
  });
});

it("waits for nothing while a region is cut off: the others answer", async () => {
  const lost = new s3.S3Client(cloud.client("eu-lost-1"));
  const abort = new AbortController();
  const hanging = lost.send(new s3.ListBucketsCommand({}), { abortSignal: abort.signal });
  const outcome = await Promise.race([hanging, client.send(new s3.ListBucketsCommand({}))]);
  expect(outcome.Buckets?.length).toBeGreaterThan(0);
  abort.abort();
  await expect(hanging).rejects.toMatchObject({ name: "AbortError" });
  lost.destroy();
});
