import { randomBytes } from "node:crypto";
import * as s3 from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { openBucket } from "../../../functions/aws/s3-depot.ts";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import { s3Service } from "../../../lib/local-cloud/s3/service.ts";
import { AwsError } from "../../../lib/local-cloud/wire/service.ts";
import type { BucketDestination } from "../../../lib/sla/fleet.ts";
import { running, SECRET } from "../../local-cloud/wire/running.ts";

const REGION = "eu-west-3";
const NAME = "acme-2026-11-22T030000Z.dump.age";
const MB = 1024 ** 2;
const service = s3Service({ secretAccessKey: SECRET });
/** Operation → how it is refused. */
const refused = new Map<string, AwsError>();
const { definition } = service;
const operations = Object.fromEntries(
  Object.entries(definition.operations).map(([name, answer]) => [
    name,
    async (...args: Parameters<typeof answer>) => {
      const why = refused.get(name);
      if (why) throw why;
      return answer(...args);
    },
  ]),
);
const cloud = await running([{ ...definition, operations }], {
  isCutOff: (region) => region === "eu-lost-1",
});
const customer = new s3.S3Client(cloud.client(REGION));
const clock = clockFrom({ SLA_PACE: "60" });
const never = new AbortController().signal;

beforeAll(() => {
  vi.stubEnv("AWS_ENDPOINT_URL", cloud.url);
  // Ours must not be what opens the customer's bucket.
  vi.stubEnv("AWS_ACCESS_KEY_ID", "ours");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "not the customer's");
});
let count = 0;
let bucket = "";
beforeEach(() => {
  refused.clear();
  bucket = `customer-${++count}`;
  service.createBucket(bucket, REGION);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  customer.destroy();
  await cloud.server.close();
});

const open = (changes: Partial<BucketDestination> = {}, secretAccessKey = SECRET) => {
  const destination: BucketDestination = {
    ...{ kind: "s3", bucket, region: REGION, prefix: "acme/", secret: "acme/destination" },
    ...changes,
  };
  const login = { kind: "s3", accessKeyId: "customer", secretAccessKey } as const;
  return openBucket(destination, login, { clock, signal: never });
};

async function* inChunks(bytes: Buffer, size = 65_552) {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

const file = (bytes: Buffer, more: object = {}) => ({
  ...{ name: NAME, bytes: bytes.length, content: inChunks(bytes), signal: never },
  ...more,
});

const bytesOf = async (Key: string) => {
  const { Body } = await customer.send(new s3.GetObjectCommand({ Bucket: bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
};

describe("a customer's bucket", () => {
  it.each([1, 16 * MB, 33 * MB + 5])(
    "takes %i bytes, by the customer's key, checked by S3",
    async (size) => {
      const bytes = randomBytes(size);
      const depot = await open();
      await depot.write(file(bytes));
      expect((await bytesOf(`acme/${NAME}`)).equals(bytes)).toBe(true);
      expect(await depot.list("acme-")).toEqual([{ name: NAME, bytes: size }]);
      const named = { Bucket: bucket, Key: `acme/${NAME}`, ChecksumMode: "ENABLED" } as const;
      const { ChecksumSHA256 } = await customer.send(new s3.HeadObjectCommand(named));
      expect(ChecksumSHA256).toMatch(new RegExp(`-${Math.ceil(size / (16 * MB))}$`));
      await depot.remove(NAME);
      await depot.remove(NAME);
      expect(service.keys(bucket)).toEqual([]);
      depot.close();
    },
  );

  it("shows what of an upload broke off under the name of a part, which can be removed", async () => {
    const depot = await open();
    const named = { Bucket: bucket, Key: `acme/${NAME}` };
    await customer.send(new s3.CreateMultipartUploadCommand(named));
    await customer.send(new s3.CreateMultipartUploadCommand({ ...named, Key: "elsewhere" }));
    expect(await depot.list("acme-")).toEqual([{ name: `${NAME}.part`, bytes: 0 }]);
    await depot.remove(`${NAME}.part`);
    expect(await depot.list("acme-")).toEqual([]);
    const { Uploads = [] } = await customer.send(
      new s3.ListMultipartUploadsCommand({ Bucket: bucket }),
    );
    expect(Uploads.map(({ Key }) => Key)).toEqual(["elsewhere"]);
    depot.close();
  });
});

describe("a customer's bucket that fails", () => {
  const failing = (call: Promise<unknown>) => call.then(String, (cause: unknown) => cause);
  const left = async () => {
    const { Uploads = [] } = await customer.send(
      new s3.ListMultipartUploadsCommand({ Bucket: bucket }),
    );
    return [...service.keys(bucket), ...Uploads.map(({ Key }) => Key)];
  };

  it("is gone", async () => {
    const depot = await open({ bucket: "never-was" });
    const failed = await failing(depot.list("acme-"));
    expect(failed).toMatchObject({
      code: "DestinationMissing",
      message: expect.stringMatching(/^s3:\/\/never-was of eu-west-3: list objects: NoSuchBucket/),
    });
  });

  it("lies in another region than the fleet says", async () => {
    const depot = await open({ region: "eu-north-1" });
    expect(await failing(depot.list("acme-"))).toMatchObject({ code: "DestinationMissing" });
  });

  it("does not know the key", async () => {
    const depot = await open({}, "of last year");
    const failed = await failing(depot.list("acme-"));
    expect(failed).toMatchObject({ code: "LoginRefused" });
    expect(String(failed)).not.toContain("of last year");
  });

  it("does not answer", async () => {
    const depot = await open({ region: "eu-lost-1" });
    expect(await failing(depot.list("acme-"))).toMatchObject({ code: "DestinationUnreachable" });
  }, 60_000);

  it.each([
    ["UploadPart", "AccessDenied", 403, "DestinationDenied"],
    ["CreateMultipartUpload", "AccessDenied", 403, "DestinationDenied"],
    ["UploadPart", "XMinioStorageFull", 507, "DestinationFull"],
    ["UploadPart", "QuotaExceeded", 403, "DestinationFull"],
    ["UploadPart", "BadDigest", 400, "UploadBroken"],
    ["CompleteMultipartUpload", "InvalidPart", 400, "UploadBroken"],
  ])("at %s with %s keeps nothing", async (operation, name, status, code) => {
    const depot = await open();
    refused.set(operation, new AwsError(name, "no", status));
    expect(await failing(depot.write(file(randomBytes(40 * MB))))).toMatchObject({ code });
    expect(await left()).toEqual([]);
  });

  it("keeps nothing of what breaks off on our side, or is of another length", async () => {
    const depot = await open();
    async function* broken() {
      yield randomBytes(20 * MB);
      throw new RangeError("the dump is not what it should be");
    }
    await expect(depot.write(file(Buffer.alloc(0), { content: broken() }))).rejects.toThrow(
      RangeError,
    );
    const short = file(randomBytes(10), { bytes: 11 });
    expect(await failing(depot.write(short))).toMatchObject({ code: "UploadBroken" });
    expect(await left()).toEqual([]);
  });
});
