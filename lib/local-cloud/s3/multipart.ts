import { randomUUID } from "node:crypto";
import type {
  AbortMultipartUploadRequest,
  CompleteMultipartUploadRequest,
  CreateMultipartUploadRequest,
  ListMultipartUploadsRequest,
  ListPartsRequest,
  UploadPartCopyRequest,
  UploadPartRequest,
} from "@aws-sdk/client-s3";
import { AwsError, type CallContext } from "../wire/service.ts";
import { type Bodies, joined } from "./bodies.ts";
import type { Buckets } from "./buckets.ts";
import { CHECKSUMS, type ChecksumName, type Checksums, verified } from "./checksums.ts";
import { conditionally } from "./conditional.ts";
import { checkSize, copiedRange, copySource } from "./copy.ts";
import { described, make, versionFields } from "./making.ts";
import { checkReceived, wanted } from "./receiving.ts";
import {
  addPart,
  checkWhole,
  chosenParts,
  compositeOf,
  compositeTag,
  inOrder,
  MOST_PARTS,
  tagOf,
  type Upload,
  Uploads,
} from "./uploads.ts";

interface UploadInput {
  readonly Bucket: string | undefined;
  readonly UploadId: string | undefined;
}

export function multipartOperations(buckets: Buckets, bodies: Bodies) {
  const uploads = new Uploads();
  const find = ({ Bucket = "", UploadId }: UploadInput, { region }: CallContext) =>
    uploads.find(UploadId, buckets.get(Bucket, region));
  return {
    ...partOperations(buckets, bodies, uploads, find),
    ...listingOperations(buckets, uploads, find),

    async CompleteMultipartUpload(input: CompleteMultipartUploadRequest, context: CallContext) {
      const upload = find(input, context);
      const parts = chosenParts(upload, input.MultipartUpload?.Parts ?? []);
      const { key: Key } = upload.described;
      checkWhole(input, parts);
      const checksums = verified(statedOf(upload, input), compositeOf(upload, parts));
      return conditionally(upload.bucket, Key, input, async () => {
        const { body } = await bodies.receive(joined(parts.map((part) => part.body)), []);
        const commit = () => {
          uploads.end(input.UploadId, upload);
          const partsCount = parts.length;
          const etag = compositeTag(parts);
          const making = { ...upload.described, etag, checksums, partsCount };
          const object = make(upload.bucket, body, making);
          const Bucket = upload.bucket.name;
          const Location = `/${Bucket}/${Key}`;
          const said = { Location, Bucket, Key, ETag: object.etag, ...versionFields(object) };
          return { ...said, ...checksums };
        };
        return { commit, abandon: () => body.discard() };
      });
    },
  };
}

/** Of the whole the one that the upload began with; S3 overlooks others. */
function statedOf(
  { checksum }: Upload,
  input: Readonly<Partial<Record<ChecksumName, string | undefined>>>,
): Checksums {
  const stated = checksum && input[checksum];
  return stated === undefined ? {} : { [checksum as ChecksumName]: stated };
}

type Find = (input: UploadInput, context: CallContext) => ReturnType<Uploads["find"]>;

function partOperations(buckets: Buckets, bodies: Bodies, uploads: Uploads, find: Find) {
  return {
    async CreateMultipartUpload(input: CreateMultipartUploadRequest, { region }: CallContext) {
      const bucket = buckets.get(input.Bucket ?? "", region);
      const UploadId = randomUUID();
      const { Bucket, Key, ChecksumAlgorithm } = input;
      const checksum = checksumOf(ChecksumAlgorithm);
      const common = { bucket, described: described(input), at: new Date(), parts: new Map() };
      uploads.add(UploadId, { ...common, ...(checksum && { checksum }) });
      return { Bucket, Key, UploadId, ChecksumAlgorithm };
    },

    async UploadPart(input: UploadPartRequest, context: CallContext) {
      const upload = find(input, context);
      const number = partNumber(input);
      const received = await bodies.receive(input.Body, wanted({ ...input }));
      const checksums = checkReceived(input, received);
      const { md5 } = addPart(upload, { number, ...received, checksums });
      return { ETag: tagOf(md5), ...checksums };
    },

    async UploadPartCopy(input: UploadPartCopyRequest, context: CallContext) {
      const upload = find(input, context);
      const number = partNumber(input);
      const source = copySource(buckets, input);
      const { CopySourceRange: range } = input;
      const content = copiedRange(source, range);
      if (range === undefined) checkSize(source.body.size);
      const { checksum } = upload;
      const received = await bodies.receive(content, checksum ? [checksum] : []);
      const part = addPart(upload, { number, ...received, checksums: received.computed });
      return {
        CopyPartResult: { ETag: tagOf(part.md5), LastModified: part.at, ...part.checksums },
        CopySourceVersionId: versionFields(source).VersionId,
      };
    },

    async AbortMultipartUpload(input: AbortMultipartUploadRequest, context: CallContext) {
      uploads.end(input.UploadId, find(input, context));
    },
  };
}

const checksumOf = (algorithm: string | undefined): ChecksumName | undefined =>
  (Object.keys(CHECKSUMS) as ChecksumName[]).find((name) => name === `Checksum${algorithm}`);

/** Throws InvalidArgument. */
function partNumber({ PartNumber: number = 0 }: { readonly PartNumber?: number | undefined }) {
  if (number >= 1 && number <= MOST_PARTS) return number;
  throw new AwsError("InvalidArgument", `Part number must be from 1 to ${MOST_PARTS}`, 400);
}

function listingOperations(buckets: Buckets, uploads: Uploads, find: Find) {
  return {
    async ListParts(input: ListPartsRequest, context: CallContext) {
      const { Bucket, Key, UploadId } = input;
      const Parts = inOrder(find(input, context)).map(({ number, body, md5, checksums, at }) => ({
        PartNumber: number,
        Size: body.size,
        ETag: tagOf(md5),
        LastModified: at,
        ...checksums,
      }));
      return { Bucket, Key, UploadId, IsTruncated: false, MaxParts: MOST_PARTS, Parts };
    },

    async ListMultipartUploads(input: ListMultipartUploadsRequest, { region }: CallContext) {
      const bucket = buckets.get(input.Bucket ?? "", region);
      const Uploads = uploads.of(bucket, input.Prefix ?? "").map(([UploadId, upload]) => ({
        UploadId,
        Key: upload.described.key,
        Initiated: upload.at,
      }));
      return { Bucket: bucket.name, IsTruncated: false, Uploads };
    },
  };
}
