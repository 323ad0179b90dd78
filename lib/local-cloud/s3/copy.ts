import type { CopyObjectRequest } from "@aws-sdk/client-s3";
import { AwsError, type CallContext } from "../wire/service.ts";
import type { Bodies } from "./bodies.ts";
import { type Buckets, objectOf, type StoredObject } from "./buckets.ts";
import { conditionally } from "./conditional.ts";
import { checkRead } from "./conditions.ts";
import { described, make, versionFields, written } from "./making.ts";
import { wanted } from "./receiving.ts";

export function copyOperations(buckets: Buckets, bodies: Bodies) {
  return {
    async CopyObject(input: CopyObjectRequest, { region }: CallContext) {
      const source = copySource(buckets, input);
      checkSize(source.body.size);
      const bucket = buckets.get(input.Bucket ?? "", region);
      return conditionally(bucket, input.Key ?? "", input, async () => {
        const { body, md5, computed } = await bodies.receive(whole(source), wanted({ ...input }));
        const making = {
          ...copied(input, source),
          etag: `"${md5.toString("hex")}"`,
          checksums: computed,
        };
        const commit = () => {
          const object = make(bucket, body, making);
          const { VersionId, ServerSideEncryption } = written(object);
          return {
            CopyObjectResult: { ETag: object.etag, LastModified: object.at, ...object.checksums },
            VersionId,
            ServerSideEncryption,
            CopySourceVersionId: versionFields(source).VersionId,
          };
        };
        return { commit, abandon: () => body.discard() };
      });
    },
  };
}

/** What a copy takes over from its source unless told to REPLACE. */
function copied(input: CopyObjectRequest, source: StoredObject) {
  const own = described(input);
  return {
    ...own,
    ...(input.MetadataDirective !== "REPLACE" && {
      headers: source.headers,
      metadata: source.metadata,
    }),
    ...(input.TaggingDirective !== "REPLACE" && { tags: source.tags }),
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html: larger ones are copied part by part. */
const LARGEST_COPY = 5 * 1024 ** 3;

/** Throws InvalidRequest. */
export function checkSize(size: number): void {
  if (size <= LARGEST_COPY) return;
  const message = `The specified copy source is larger than the maximum allowable size for a copy source: ${LARGEST_COPY}`;
  throw new AwsError("InvalidRequest", message, 400);
}

type CopyInput = Pick<
  CopyObjectRequest,
  | "CopySource"
  | "CopySourceIfMatch"
  | "CopySourceIfNoneMatch"
  | "CopySourceIfModifiedSince"
  | "CopySourceIfUnmodifiedSince"
>;

/** What is to be copied, if it is as the caller wants it. */
export function copySource(buckets: Buckets, input: CopyInput): StoredObject {
  const source = sourceOf(buckets, input.CopySource ?? "");
  checkRead(
    {
      IfMatch: input.CopySourceIfMatch,
      IfNoneMatch: input.CopySourceIfNoneMatch,
      IfModifiedSince: input.CopySourceIfModifiedSince,
      IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    },
    source,
  );
  return source;
}

/** `bucket/key` or `/bucket/key`, percent-encoded, with an optional `?versionId=`. */
function sourceOf(buckets: Buckets, text: string): StoredObject {
  const [path = "", id] = text.split("?versionId=");
  const [, bucket = "", key = ""] = /^\/?([^/]+)\/(.+)$/s.exec(decodeURIComponent(path)) ?? [];
  if (key === "") throw new AwsError("InvalidArgument", `Copy source '${text}' is not valid`, 400);
  return objectOf(buckets.source(bucket), key, id);
}

const whole = ({ body }: StoredObject) =>
  body.size === 0 ? undefined : body.read(0, body.size - 1);

/** `bytes=0-9`, both ends included and inside the object. Throws InvalidArgument or InvalidRange. */
export function copiedRange(source: StoredObject, range: string | undefined) {
  if (range === undefined) return whole(source);
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (first === undefined || from > to) {
    const message = "The x-amz-copy-source-range value must be of the form bytes=first-last";
    throw new AwsError("InvalidArgument", message, 400);
  }
  const { size } = source.body;
  if (to < size) return source.body.read(from, to);
  throw new AwsError("InvalidRange", `Range is not valid for a source object of size ${size}`, 416);
}
