import type {
  ListObjectsRequest,
  ListObjectsV2Request,
  ListObjectVersionsRequest,
} from "@aws-sdk/client-s3";
import { AwsError, type CallContext } from "../wire/service.ts";
import { type Bucket, type Buckets, current, type StoredObject, type Version } from "./buckets.ts";
import { pageOf } from "./paging.ts";

/** AWS gives at most this many, whatever is asked for. */
const LARGEST_PAGE = 1000;

type Listing = Pick<
  ListObjectsV2Request,
  "Bucket" | "Prefix" | "Delimiter" | "MaxKeys" | "EncodingType"
>;

export function listOperations(buckets: Buckets) {
  const bucketOf = (input: Listing, { region }: CallContext) =>
    buckets.get(input.Bucket ?? "", region);

  return {
    async ListObjectsV2(input: ListObjectsV2Request, context: CallContext) {
      const bucket = bucketOf(input, context);
      const after = input.ContinuationToken ? fromToken(input.ContinuationToken) : input.StartAfter;
      const { page, ...common } = listCurrent(bucket, input, after ?? "");
      return {
        ...common,
        KeyCount: page.keys.length + page.prefixes.length,
        ContinuationToken: input.ContinuationToken,
        StartAfter: input.StartAfter,
        NextContinuationToken: page.isTruncated ? toToken(page.last ?? "") : undefined,
      };
    },

    async ListObjects(input: ListObjectsRequest, context: CallContext) {
      const { page, ...common } = listCurrent(bucketOf(input, context), input, input.Marker ?? "");
      // AWS names the next marker only when a delimiter is given; without one it is the last key.
      const isNamed = page.isTruncated && input.Delimiter !== undefined;
      return {
        ...common,
        Marker: input.Marker ?? "",
        NextMarker: isNamed ? encoder(input)(page.last ?? "") : undefined,
      };
    },

    async ListObjectVersions(input: ListObjectVersionsRequest, context: CallContext) {
      return listVersions(bucketOf(input, context), input);
    },
  };
}

function listCurrent(bucket: Bucket, input: Listing, after: string) {
  const living = [...bucket.versions.keys()].filter((key) => current(bucket, key));
  const page = pageOf(living, pageRequest(input, after));
  const encode = encoder(input);
  return {
    page,
    ...echo(input),
    IsTruncated: page.isTruncated,
    Contents: page.keys.flatMap((key) => {
      const object = current(bucket, key);
      return object ? [summary(object, encode)] : [];
    }),
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  };
}

/**
 * Pages by key: a key's versions are never split over two pages, so the version marker is not needed.
 * Throws InvalidArgument for a version marker of another origin.
 */
function listVersions(bucket: Bucket, input: ListObjectVersionsRequest) {
  if (input.VersionIdMarker !== undefined && input.KeyMarker === undefined)
    throw new AwsError("InvalidArgument", "A version-id marker needs a key marker.", 400);
  const page = pageOf(bucket.versions.keys(), pageRequest(input, input.KeyMarker ?? ""));
  const encode = encoder(input);
  const listed = page.keys.flatMap((key) =>
    (bucket.versions.get(key) ?? []).map((version, age) => ({ version, isLatest: age === 0 })),
  );
  const entries = (kind: Version["kind"]) =>
    listed
      .filter(({ version }) => version.kind === kind)
      .map(({ version, isLatest }) => ({
        ...(version.kind === "object"
          ? summary(version, encode)
          : { Key: encode(version.key), LastModified: version.at }),
        VersionId: version.id,
        IsLatest: isLatest,
      }));
  return {
    ...echo(input),
    KeyMarker: input.KeyMarker ?? "",
    NextKeyMarker: page.isTruncated ? encode(page.last ?? "") : undefined,
    IsTruncated: page.isTruncated,
    Versions: entries("object"),
    DeleteMarkers: entries("marker"),
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  };
}

function pageRequest(input: Listing, after: string) {
  const max = Math.min(input.MaxKeys ?? LARGEST_PAGE, LARGEST_PAGE);
  if (!(max >= 0)) throw new AwsError("InvalidArgument", `max-keys: '${input.MaxKeys}'`, 400);
  return { prefix: input.Prefix ?? "", delimiter: input.Delimiter ?? "", after, max };
}

const echo = (input: Listing) => ({
  Name: input.Bucket,
  Prefix: encoder(input)(input.Prefix ?? ""),
  Delimiter: input.Delimiter,
  MaxKeys: Math.min(input.MaxKeys ?? LARGEST_PAGE, LARGEST_PAGE),
  EncodingType: input.EncodingType,
});

const summary = (object: StoredObject, encode: (text: string) => string) => ({
  Key: encode(object.key),
  ETag: object.etag,
  Size: object.body.size,
  LastModified: object.at,
  StorageClass: object.headers["StorageClass"] ?? "STANDARD",
});

/** XML 1.0 cannot carry every key, so clients may ask for percent-encoding. */
function encoder({ EncodingType }: Listing): (text: string) => string {
  if (EncodingType !== "url") return (text) => text;
  return (text) => encodeURIComponent(text).replaceAll("%2F", "/");
}

const toToken = (key: string) => Buffer.from(key).toString("base64url");
const fromToken = (token: string) => Buffer.from(token, "base64url").toString();
