import { gunzipSync, gzipSync } from "node:zlib";
import {
  GetObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  paginateListObjectsV2,
  S3Client,
} from "@aws-sdk/client-s3";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { ledgerBucket } from "../ledger/contract.ts";
import type { Ledger, Ledgers } from "../ledger/ledger.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { answered, cloudError, errorName } from "./cloud-errors.ts";

interface Place {
  readonly account: string;
  readonly clock: Clock;
  /** The site that must not wait long for the others: whoever is silent is asked once. */
  readonly site?: string;
}

/** The ledgers of an account's sites, one bucket each. Region not answering: `CloudUnreachable`. */
export function s3Ledgers({ account, clock, site }: Place): Ledgers {
  return perRegion((region) => {
    const onceIfLate = site !== undefined && site !== region;
    const client = new S3Client(clientSettings(clock, { region, onceIfLate }));
    return s3Ledger(client, ledgerBucket(account, region));
  });
}

export function s3Ledger(client: S3Client, bucket: string): Ledger {
  const put = (key: string, value: unknown, condition: Condition) =>
    conditionalPut(client, { Bucket: bucket, Key: key, ...body(key, value), ...condition });
  return {
    async read<T>(key: string) {
      const held = await read(client, bucket, key);
      return held && { value: JSON.parse(held.text) as T, tag: held.tag };
    },

    text: async (key) => (await read(client, bucket, key))?.text,
    create: (key, value) => put(key, value, { IfNoneMatch: "*" }),
    replace: (key, value, tag) => put(key, value, { IfMatch: tag }),

    async list(prefix) {
      const pages = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix });
      const all = await Array.fromAsync(pages).catch((cause: unknown) => {
        throw missingOr(cause, `list s3://${bucket}/${prefix}`);
      });
      return all
        .flatMap((page) => page.Contents ?? [])
        .flatMap(({ Key: key, ETag: tag, LastModified: at }) =>
          key && tag
            ? [{ key, tag, ...(at && { writtenAt: at.toISOString() }), ...made(tag) }]
            : [],
        );
    },
  };
}

/** How many parts it was put together from stands at the end of its ETag. */
const made = (tag: string) => (/-\d+"?$/.test(tag) ? ({ assembled: true } as const) : {});

type Condition = Pick<PutObjectCommandInput, "IfMatch" | "IfNoneMatch">;

async function read(client: S3Client, bucket: string, key: string) {
  const doing = `read s3://${bucket}/${key}`;
  try {
    const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (!Body || !ETag) throw new SlaError("LedgerBroken", "cloud", `${doing}: answered no body`);
    return { text: unpacked(key, await Body.transformToByteArray()), tag: ETag };
  } catch (cause) {
    if (errorName(cause) === "NoSuchKey") return undefined;
    throw missingOr(cause, doing);
  }
}

/** S3 answers 409 while another conditional write of the same key is under way: ask again, it decides. */
const BUSY_ATTEMPTS = 4;

async function conditionalPut(
  client: S3Client,
  input: PutObjectCommandInput & { Body: Uint8Array },
  attempt = 1,
): Promise<boolean> {
  const doing = `write s3://${input.Bucket}/${input.Key}`;
  try {
    await client.send(new PutObjectCommand(input));
    return true;
  } catch (cause) {
    switch (errorName(cause)) {
      case "NoSuchKey":
        return false;
      case "PreconditionFailed":
        return wasRepeated(cause) && (await holdsNow(client, input));
      case "ConditionalRequestConflict":
        if (attempt < BUSY_ATTEMPTS) return conditionalPut(client, input, attempt + 1);
        throw new SlaError("CloudThrottled", "cloud", `${doing}: still busy`, { cause });
      default:
        throw missingOr(cause, doing);
    }
  }
}

const wasRepeated = (cause: unknown) =>
  ((cause as { $metadata?: { attempts?: number } }).$metadata?.attempts ?? 1) > 1;

/** A first attempt may have been written though its answer was lost: the repeat then meets our own bytes. */
async function holdsNow(client: S3Client, { Bucket, Key, Body: ours }: PutObjectCommandInput) {
  const { Body } = await answered(
    `read s3://${Bucket}/${Key}`,
    client.send(new GetObjectCommand({ Bucket, Key })),
  );
  return Buffer.from(ours as Uint8Array).equals(
    (await Body?.transformToByteArray()) ?? Buffer.of(),
  );
}

function missingOr(cause: unknown, doing: string): unknown {
  if (errorName(cause) !== "NoSuchBucket") return cloudError(cause, doing);
  return new SlaError(
    "LedgerMissing",
    "operator",
    `${doing}: no such bucket; deploy the stack of this site, or check the fleet's account`,
    { cause },
  );
}

function body(key: string, value: unknown) {
  const json = Buffer.from(JSON.stringify(value));
  return key.endsWith(".gz")
    ? { Body: gzipSync(json), ContentType: "application/json", ContentEncoding: "gzip" }
    : { Body: json, ContentType: "application/json" };
}

function unpacked(key: string, bytes: Uint8Array): string {
  const json = key.endsWith(".gz") ? gunzipSync(bytes) : Buffer.from(bytes);
  return json.toString("utf8");
}
