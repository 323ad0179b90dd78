import { createHash } from "node:crypto";
import type { CompletedPart } from "@aws-sdk/client-s3";
import { AwsError } from "../wire/service.ts";
import type { Body } from "./bodies.ts";
import type { Bucket } from "./buckets.ts";
import { type ChecksumName, type Checksums, Digests } from "./checksums.ts";
import type { Making } from "./making.ts";

export interface Part {
  readonly number: number;
  readonly body: Body;
  readonly md5: Buffer;
  readonly checksums: Checksums;
  readonly at: Date;
}

export interface Upload {
  readonly bucket: Bucket;
  readonly described: Omit<Making, "etag" | "checksums" | "partsCount">;
  readonly at: Date;
  /** Every part has to be named with it at the end. */
  readonly checksum?: ChecksumName;
  readonly parts: Map<number, Part>;
}

/** All parts but the last have at least this size. */
const SMALLEST_PART = 5 * 1024 * 1024;
export const MOST_PARTS = 10_000;

/** The multipart uploads that are neither completed nor aborted. */
export class Uploads {
  readonly #uploads = new Map<string, Upload>();

  add(id: string, upload: Upload): void {
    this.#uploads.set(id, upload);
  }

  /** Throws NoSuchUpload. */
  find(id: string | undefined, bucket: Bucket): Upload {
    const upload = this.#uploads.get(id ?? "");
    if (upload?.bucket === bucket) return upload;
    throw new AwsError("NoSuchUpload", `The specified upload does not exist: '${id}'`, 404);
  }

  /** Forgets an upload and its parts. */
  end(id: string | undefined, upload: Upload): void {
    for (const { body } of upload.parts.values()) body.discard();
    this.#uploads.delete(id ?? "");
  }

  of(bucket: Bucket, prefix: string): readonly (readonly [id: string, Upload])[] {
    return [...this.#uploads].filter(
      ([, upload]) => upload.bucket === bucket && upload.described.key.startsWith(prefix),
    );
  }
}

/** In the place of one with the same number. */
export function addPart(
  { parts }: Upload,
  { number, body, md5, checksums }: Omit<Part, "at">,
): Part {
  const part = { number, body, md5, checksums, at: new Date() };
  parts.get(number)?.body.discard();
  parts.set(number, part);
  return part;
}

/** The parts the client lists. Throws InvalidPart, InvalidPartOrder, EntityTooSmall, MalformedXML. */
export function chosenParts(upload: Upload, listed: readonly CompletedPart[]): Part[] {
  const { parts } = upload;
  if (listed.length === 0)
    throw new AwsError("MalformedXML", "An upload has at least one part", 400);
  const chosen = listed.map((each) => {
    const { PartNumber: number = 0, ETag: tag = "" } = each;
    const part = parts.get(number);
    if (!part || tagOf(part.md5) !== `"${tag.replaceAll('"', "")}"`) throw invalidPart(number);
    checkChecksum(upload, part, each);
    return part;
  });
  if (chosen.some((part, index) => index > 0 && part.number <= (chosen[index - 1]?.number ?? 0)))
    throw new AwsError("InvalidPartOrder", "The list of parts was not in ascending order.", 400);
  if (chosen.slice(0, -1).some(({ body }) => body.size < SMALLEST_PART))
    throw new AwsError("EntityTooSmall", "Every part but the last has at least 5 MiB.", 400);
  return chosen;
}

const invalidPart = (number: number) =>
  new AwsError("InvalidPart", `Part ${number} could not be found or has another tag.`, 400);

/** Throws InvalidRequest or InvalidPart. */
function checkChecksum({ checksum }: Upload, part: Part, listed: CompletedPart): void {
  if (checksum === undefined) return;
  const stated = listed[checksum];
  if (stated === undefined) {
    const name = checksum.replace("Checksum", "").toLowerCase();
    const message = `The upload was created using a ${name} checksum. The complete request must include the checksum for each part. It was missing for part ${part.number} in the request.`;
    throw new AwsError("InvalidRequest", message, 400);
  }
  if (stated !== part.checksums[checksum]) throw invalidPart(part.number);
}

export const inOrder = ({ parts }: Upload) =>
  [...parts.values()].toSorted((a, b) => a.number - b.number);
export const tagOf = (md5: Buffer) => `"${md5.toString("hex")}"`;

export function compositeTag(parts: readonly Part[]): string {
  const sum = createHash("md5");
  for (const { md5 } of parts) sum.update(md5);
  return `"${sum.digest("hex")}-${parts.length}"`;
}

/** Throws InvalidRequest where the client has another size in mind. */
export function checkWhole(
  { MpuObjectSize: stated }: { readonly MpuObjectSize?: number | undefined },
  parts: readonly Part[],
): void {
  const size = parts.reduce((sum, { body }) => sum + body.size, 0);
  if (stated === undefined || stated === size) return;
  const message = `The provided 'x-amz-mp-object-size' header value ${stated} does not match what was computed: ${size}`;
  throw new AwsError("InvalidRequest", message, 400);
}

/** The checksum of the parts' checksums, as S3 has one of an upload that began with it. */
export function compositeOf({ checksum }: Upload, parts: readonly Part[]): Checksums {
  if (checksum === undefined) return {};
  const digests = new Digests([checksum]);
  for (const { checksums } of parts) {
    digests.update(Buffer.from(checksums[checksum] ?? "", "base64"));
  }
  const whole = digests.finish().checksums[checksum];
  return whole === undefined ? {} : { [checksum]: `${whole}-${parts.length}` };
}
