import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import type { CopyOutcome } from "../files/ports.ts";
import { inLanes } from "../kernel/lanes.ts";
import { answered, errorName } from "./cloud-errors.ts";

export interface ObjectCopy {
  readonly from: { readonly bucket: string; readonly key: string; readonly versionId?: string };
  readonly to: { readonly bucket: string; readonly key: string };
  readonly size: number;
  /** Of the original: of another one nothing is copied. A version is never another one. */
  readonly etag?: string;
  /** Whether it is to be given up. */
  readonly isLate: () => boolean;
}

export interface CopySizes {
  /** What one call may copy, in bytes. */
  readonly atOnce: number;
  readonly part: number;
}

const GB = 1024 ** 3;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MOST_PARTS = 10_000;
const SIZES: CopySizes = { atOnce: 5 * GB, part: GB / 2 };
const LANES = 8;

/** S3 answers when it has copied. */
export const COPYING = { answerSeconds: 240, answerFloorMs: 20_000, onceIfLate: true } as const;

/** By S3 itself: no byte passes through here. */
export async function copyObject(
  client: S3Client,
  copy: ObjectCopy,
  sizes: CopySizes = SIZES,
): Promise<CopyOutcome> {
  const doing = `copy s3://${copy.from.bucket}/${copy.from.key}`;
  const work = copy.size > sizes.atOnce ? inParts(client, copy, sizes) : atOnce(client, copy);
  try {
    return await answered(doing, work);
  } catch (cause) {
    if (CHANGED.has(errorName(cause) ?? "")) return { kind: "changed" };
    throw cause;
  }
}

const CHANGED: ReadonlySet<string> = new Set(["PreconditionFailed", "NoSuchKey", "NoSuchVersion"]);

async function atOnce(client: S3Client, copy: ObjectCopy): Promise<CopyOutcome> {
  const { CopyObjectResult, VersionId = "null" } = await client.send(
    new CopyObjectCommand({
      ...target(copy),
      ...source(copy),
      // To take tags over would need two permissions more, and nobody reads them here.
      TaggingDirective: "REPLACE",
    }),
  );
  return { kind: "copied", versionId: VersionId, etag: CopyObjectResult?.ETag ?? "" };
}

async function inParts(client: S3Client, copy: ObjectCopy, sizes: CopySizes): Promise<CopyOutcome> {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(target(copy)));
  const upload = { ...target(copy), UploadId };
  try {
    const Parts = await inLanes(LANES, rangesOf(copy.size, sizes.part), async (range, index) => {
      if (copy.isLate()) throw new GivenUp();
      const command = new UploadPartCopyCommand({
        ...{ ...upload, ...source(copy), PartNumber: index + 1 },
        CopySourceRange: range,
      });
      const { CopyPartResult } = await client.send(command);
      return { PartNumber: index + 1, ETag: CopyPartResult?.ETag };
    });
    const complete = new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } });
    const { VersionId = "null", ETag = "" } = await client.send(complete);
    return { kind: "copied", versionId: VersionId, etag: ETag };
  } catch (cause) {
    await client.send(new AbortMultipartUploadCommand(upload));
    if (cause instanceof GivenUp) return { kind: "late" };
    throw cause;
  }
}

class GivenUp extends Error {}

const target = ({ to }: ObjectCopy) => ({ Bucket: to.bucket, Key: to.key });

const source = ({ from, etag }: ObjectCopy) => ({
  CopySource: `${from.bucket}/${encodeURIComponent(from.key)}${from.versionId === undefined ? "" : `?versionId=${from.versionId}`}`,
  ...(etag !== undefined && { CopySourceIfMatch: etag }),
});

function rangesOf(size: number, wanted: number): readonly string[] {
  const part = Math.max(wanted, Math.ceil(size / MOST_PARTS));
  return Array.from({ length: Math.ceil(size / part) }, (_, index) => {
    const from = index * part;
    return `bytes=${from}-${Math.min(from + part, size) - 1}`;
  });
}
