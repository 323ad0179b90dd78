import type { PutObjectRequest } from "@aws-sdk/client-s3";
import type { Bucket, Retention, StoredObject, Tag } from "./buckets.ts";
import type { Checksums } from "./checksums.ts";
import { defaultRetention } from "./lock.ts";
import { parseTags } from "./tags.ts";
import { nextVersionId, push } from "./versions.ts";

/** Headers that are kept with an object and given back. */
const KEPT = [
  "CacheControl",
  "ContentDisposition",
  "ContentEncoding",
  "ContentLanguage",
  "ContentType",
  "Expires",
  "WebsiteRedirectLocation",
  "StorageClass",
  "ServerSideEncryption",
  "SSEKMSKeyId",
  "BucketKeyEnabled",
] as const;

/** What is needed to make an object besides its body. */
export interface Making {
  readonly key: string;
  readonly etag: string;
  readonly checksums: Checksums;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: readonly Tag[];
  readonly retention: Retention | undefined;
  readonly legalHold: boolean;
  readonly partsCount?: number;
}

/** Adds the newest version of a key. */
export function make(bucket: Bucket, body: StoredObject["body"], making: Making): StoredObject {
  const at = new Date();
  const object: StoredObject = {
    kind: "object",
    id: nextVersionId(bucket),
    at,
    body,
    ...making,
    retention: making.retention ?? defaultRetention(bucket, at),
  };
  push(bucket, object);
  return object;
}

type Descriptive = Omit<PutObjectRequest, "Body">;

/** The parts of an upload's input that stay with the object. */
export function described(input: Descriptive): Omit<Making, "etag" | "checksums" | "partsCount"> {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until } = input;
  const values = input as Readonly<Record<string, unknown>>;
  const headers = KEPT.flatMap((name) =>
    values[name] === undefined ? [] : [[name, values[name]]],
  );
  return {
    key: input.Key ?? "",
    headers: withoutFraming(Object.fromEntries(headers)),
    metadata: input.Metadata ?? {},
    tags: parseTags(input.Tagging),
    retention: mode && until ? { mode, until } : undefined,
    legalHold: input.ObjectLockLegalHoldStatus === "ON",
  };
}

/** `aws-chunked` describes the upload, not the object. */
function withoutFraming(headers: Record<string, unknown>): Record<string, unknown> {
  const { ContentEncoding: encoding, ...rest } = headers;
  const kept = String(encoding ?? "")
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "" && each !== "aws-chunked");
  return kept.length > 0 ? { ...rest, ContentEncoding: kept.join(",") } : rest;
}

export function versionFields({ id }: { readonly id: string }): { VersionId?: string } {
  return id === "null" ? {} : { VersionId: id };
}

export function written(object: StoredObject) {
  return {
    ETag: object.etag,
    ...versionFields(object),
    ...object.checksums,
    ChecksumType: object.partsCount === undefined ? "FULL_OBJECT" : "COMPOSITE",
    ServerSideEncryption: object.headers["ServerSideEncryption"] ?? "AES256",
  };
}
