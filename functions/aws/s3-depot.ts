import { createHash } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  paginateListObjectsV2,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import type { BucketDestination } from "../../lib/sla/fleet.ts";
import type { KeyLogin } from "../deliver/credentials.ts";
import { partOf } from "../deliver/names.ts";
import type { Depot, Outgoing } from "../deliver/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { streamInLanes } from "../kernel/lanes.ts";
import { clientSettings } from "./clients.ts";
import { COMPLETE, depotFault } from "./depot-faults.ts";

/** A part may take so long to arrive. */
const SETTINGS = { answerSeconds: 120, answerFloorMs: 10_000, onceIfLate: true } as const;
const MB = 1024 ** 2;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MOST_PARTS = 10_000;
const LEAST_PART = 16 * MB;
/** Parts on their way: each waits in memory. */
const LANES = 4;

/** A prefix of a customer's bucket, by the customer's own key. What is not complete is no object there. */
export async function openBucket(
  destination: BucketDestination,
  { accessKeyId, secretAccessKey }: KeyLogin,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Depot> {
  const { bucket, region, prefix } = destination;
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ ...clientSettings(clock, { ...SETTINGS, region }), credentials });
  const place: Place = {
    ...{ client, signal },
    at: (name) => ({ Bucket: bucket, Key: `${prefix}${name}` }),
    ask: (doing, call) =>
      call.catch((cause: unknown) => {
        throw depotFault(cause, destination, doing);
      }),
  };
  const nameOf = (key: string) => key.slice(prefix.length);
  return {
    async list(beginning) {
      const under = { Bucket: bucket, Prefix: `${prefix}${beginning}` };
      const pages = await place.ask(
        "list objects",
        Array.fromAsync(paginateListObjectsV2({ client }, under)),
      );
      const whole = pages
        .flatMap(({ Contents = [] }) => Contents)
        .map(({ Key = "", Size = 0 }) => ({ name: nameOf(Key), bytes: Size }));
      const parts = await uploadsOf(place, under);
      return [...whole, ...parts.map(({ Key = "" }) => ({ name: partOf(nameOf(Key)), bytes: 0 }))];
    },

    write: (file) => write(place, file),

    async remove(name) {
      const isPart = name.endsWith(PART);
      const at = place.at(isPart ? name.slice(0, -PART.length) : name);
      if (!isPart) {
        await place.ask("delete an object", client.send(new DeleteObjectCommand(at)));
        return;
      }
      const broken = await uploadsOf(place, { Bucket: at.Bucket, Prefix: at.Key });
      for (const { UploadId, Key } of broken)
        if (Key === at.Key) await abort(place, { ...at, UploadId });
    },

    close: () => client.destroy(),
  };
}

const PART = partOf("");

interface Place {
  readonly client: S3Client;
  readonly signal: AbortSignal;
  at(name: string): { readonly Bucket: string; readonly Key: string };
  /** Rejects with what the failure of a call means. */
  ask<T>(doing: string, call: Promise<T>): Promise<T>;
}

/** More than a thousand that broke off are removed a thousand at a time. */
async function uploadsOf(
  { client, ask }: Place,
  under: { readonly Bucket: string; readonly Prefix: string },
) {
  const call = client.send(new ListMultipartUploadsCommand(under));
  return (await ask("list uploads", call)).Uploads ?? [];
}

interface Upload {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string | undefined;
}

async function abort({ client, ask }: Place, upload: Upload): Promise<void> {
  await ask("abort an upload", client.send(new AbortMultipartUploadCommand(upload)));
}

async function write(place: Place, file: Outgoing): Promise<void> {
  const { client, ask, at, signal } = place;
  const named = at(file.name);
  const create = new CreateMultipartUploadCommand({
    ...named,
    ChecksumAlgorithm: "SHA256",
    ContentType: "application/octet-stream",
  });
  const { UploadId } = await ask("begin an upload", client.send(create, { abortSignal: signal }));
  const upload = { ...named, UploadId };
  try {
    const { parts, sum } = await uploadParts(place, upload, file);
    const complete = new CompleteMultipartUploadCommand({
      ...upload,
      MultipartUpload: { Parts: parts },
      // S3 puts together what it has, and refuses to if it is anything else.
      ChecksumSHA256: sum,
      MpuObjectSize: file.bytes,
    });
    await ask(COMPLETE, client.send(complete, { abortSignal: signal }));
  } catch (cause) {
    await abort(place, upload).catch(() => {});
    throw cause;
  }
}

async function uploadParts({ client, ask, signal }: Place, upload: Upload, file: Outgoing) {
  const size = Math.max(LEAST_PART, Math.ceil(file.bytes / MOST_PARTS));
  const parts: CompletedPart[] = [];
  const digests: Buffer[] = [];
  await streamInLanes(LANES, partsOf(file.content, size), async ({ PartNumber, Body }) => {
    const digest = createHash("sha256").update(Body).digest();
    const own = { PartNumber, ChecksumSHA256: digest.toString("base64") };
    const part = new UploadPartCommand({ ...upload, ...own, Body });
    const { ETag } = await ask("upload a part", client.send(part, { abortSignal: signal }));
    parts[PartNumber - 1] = { ...own, ETag };
    digests[PartNumber - 1] = digest;
  });
  const all = createHash("sha256").update(Buffer.concat(digests)).digest("base64");
  return { parts, sum: `${all}-${parts.length}` };
}

interface Part {
  readonly PartNumber: number;
  readonly Body: Buffer;
}

/** The same bytes in parts of one size, but for the last. */
async function* partsOf(content: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Part> {
  let PartNumber = 1;
  let part = Buffer.allocUnsafe(size);
  let filled = 0;
  for await (const chunk of content) {
    for (let from = 0; from < chunk.length; ) {
      const taken = chunk.subarray(from, from + size - filled);
      part.set(taken, filled);
      filled += taken.length;
      from += taken.length;
      if (filled < size) continue;
      yield { PartNumber: PartNumber++, Body: part };
      part = Buffer.allocUnsafe(size);
      filled = 0;
    }
  }
  if (filled > 0) yield { PartNumber, Body: part.subarray(0, filled) };
}
