import type { GetObjectRequest, HeadObjectRequest } from "@aws-sdk/client-s3";
import { AwsError, type CallContext } from "../wire/service.ts";
import { type Buckets, objectOf, type StoredObject } from "./buckets.ts";
import { checkRead } from "./conditions.ts";
import { versionFields } from "./making.ts";

interface Span {
  readonly from: number;
  readonly to: number;
}

export function getOperations(buckets: Buckets) {
  const find = (input: GetObjectRequest | HeadObjectRequest, { region }: CallContext) => {
    const object = objectOf(
      buckets.get(input.Bucket ?? "", region),
      input.Key ?? "",
      input.VersionId,
    );
    checkRead(input, object);
    return object;
  };

  return {
    async GetObject(input: GetObjectRequest, context: CallContext) {
      const object = find(input, context);
      const span = spanOf(input.Range, object.body.size);
      const { from, to } = span ?? { from: 0, to: object.body.size - 1 };
      return {
        ...fieldsOf(object, input),
        ...overridesOf(input),
        ...(span && partial(span, object.body.size)),
        Body: to < from ? Buffer.alloc(0) : object.body.read(from, to),
        ContentLength: to - from + 1,
      };
    },

    async HeadObject(input: HeadObjectRequest, context: CallContext) {
      const object = find(input, context);
      const span = spanOf(input.Range, object.body.size);
      return {
        ...fieldsOf(object, input),
        ...overridesOf(input),
        ContentLength: span ? span.to - span.from + 1 : object.body.size,
        ...(span && partial(span, object.body.size)),
      };
    },
  };
}

const partial = ({ from, to }: Span, size: number) => ({
  $status: 206,
  ContentRange: `bytes ${from}-${to}/${size}`,
});

/** `bytes=0-9`, `bytes=10-`, `bytes=-5`. Anything else is ignored, as HTTP has it. Throws InvalidRange. */
function spanOf(range: string | undefined, size: number): Span | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range ?? "") ?? [];
  if (first === undefined || last === undefined || first + last === "") return undefined;
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (from > to) throw new AwsError("InvalidRange", "The requested range is not satisfiable", 416);
  return { from, to };
}

function fieldsOf(object: StoredObject, input: GetObjectRequest | HeadObjectRequest) {
  // A checksum belongs to the whole object: with a part of it the client would refuse the body.
  const withChecksums = input.ChecksumMode === "ENABLED" && input.Range === undefined;
  return {
    ContentType: "binary/octet-stream",
    ServerSideEncryption: "AES256",
    ...object.headers,
    AcceptRanges: "bytes",
    ETag: object.etag,
    LastModified: object.at,
    Metadata: object.metadata,
    ...versionFields(object),
    ...(withChecksums && {
      ...object.checksums,
      ChecksumType: object.partsCount === undefined ? "FULL_OBJECT" : "COMPOSITE",
    }),
    ...(object.tags.length > 0 && { TagCount: object.tags.length }),
    ObjectLockMode: object.retention?.mode,
    ObjectLockRetainUntilDate: object.retention?.until,
    ObjectLockLegalHoldStatus: object.legalHold ? "ON" : undefined,
  };
}

/** What a presigned URL may change in the answer: `response-content-type` and its like. */
function overridesOf(input: GetObjectRequest | HeadObjectRequest) {
  const overrides = {
    CacheControl: input.ResponseCacheControl,
    ContentDisposition: input.ResponseContentDisposition,
    ContentEncoding: input.ResponseContentEncoding,
    ContentLanguage: input.ResponseContentLanguage,
    ContentType: input.ResponseContentType,
  };
  return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
}
