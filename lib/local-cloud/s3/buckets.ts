import { AwsError } from "../wire/service.ts";
import type { Body } from "./bodies.ts";
import type { Checksums } from "./checksums.ts";

export interface Retention {
  readonly mode: "COMPLIANCE" | "GOVERNANCE";
  readonly until: Date;
}

/** One version of an object. Its lock and tags may change, its content may not. */
export interface StoredObject {
  readonly kind: "object";
  /** `null` in a bucket that was never versioned. */
  readonly id: string;
  readonly key: string;
  readonly at: Date;
  readonly body: Body;
  /** With its quotes. */
  readonly etag: string;
  readonly checksums: Checksums;
  /** Content-Type and its like, by member name. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly partsCount?: number;
  tags: readonly Tag[];
  retention: Retention | undefined;
  legalHold: boolean;
}

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

interface DeleteMarker {
  readonly kind: "marker";
  readonly id: string;
  readonly key: string;
  readonly at: Date;
}

export type Version = StoredObject | DeleteMarker;

export interface Bucket {
  readonly name: string;
  readonly region: string;
  readonly createdAt: Date;
  versioning: "Enabled" | "Suspended" | undefined;
  /** Default retention; present when object lock is on. */
  lock: ObjectLock | undefined;
  /** Versions by key, newest first. */
  readonly versions: Map<string, readonly Version[]>;
  /** Configurations that are kept and given back, by name. */
  readonly settings: Map<string, unknown>;
}

interface ObjectLock {
  readonly mode?: Retention["mode"];
  readonly days?: number;
  readonly years?: number;
}

/** All buckets: names are global, contents belong to a region. */
export class Buckets {
  readonly #buckets = new Map<string, Bucket>();
  readonly #isCutOff: (region: string) => boolean;

  constructor(isCutOff: (region: string) => boolean = () => false) {
    this.#isCutOff = isCutOff;
  }

  /** Throws BucketAlreadyOwnedByYou or InvalidBucketName. */
  create(name: string, region: string): Bucket {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name))
      throw new AwsError("InvalidBucketName", `The specified bucket is not valid: '${name}'`, 400);
    if (this.#buckets.has(name))
      throw new AwsError("BucketAlreadyOwnedByYou", `You already own the bucket '${name}'.`, 409);
    const bucket: Bucket = {
      name,
      region,
      createdAt: new Date(),
      versioning: undefined,
      lock: undefined,
      versions: new Map(),
      settings: new Map(),
    };
    this.#buckets.set(name, bucket);
    return bucket;
  }

  all(): readonly Bucket[] {
    return [...this.#buckets.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Throws NoSuchBucket, or PermanentRedirect when asked through another region. */
  get(name: string, region?: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (!bucket)
      throw new AwsError("NoSuchBucket", `The specified bucket does not exist: '${name}'`, 404);
    if (region !== undefined && region !== bucket.region)
      throw new AwsError(
        "PermanentRedirect",
        `The bucket '${name}' is in ${bucket.region}, the request was signed for ${region}.`,
        301,
        {},
        { "x-amz-bucket-region": bucket.region },
      );
    return bucket;
  }

  /** To copy from, whichever region that is. Throws NoSuchBucket, or InternalError while that region is lost. */
  source(name: string): Bucket {
    const bucket = this.get(name);
    if (!this.#isCutOff(bucket.region)) return bucket;
    const message = "We encountered an internal error. Please try again.";
    throw new AwsError("InternalError", message, 500);
  }

  /** Throws BucketNotEmpty. */
  remove(bucket: Bucket): void {
    if (bucket.versions.size > 0)
      throw new AwsError("BucketNotEmpty", `The bucket '${bucket.name}' is not empty`, 409);
    this.#buckets.delete(bucket.name);
  }
}

export function current(bucket: Bucket, key: string): StoredObject | undefined {
  const newest = bucket.versions.get(key)?.[0];
  return newest?.kind === "object" ? newest : undefined;
}

/** Throws NoSuchKey, NoSuchVersion, or MethodNotAllowed for a delete marker asked for by its id. */
export function objectOf(bucket: Bucket, key: string, id: string | undefined): StoredObject {
  if (id === undefined) {
    const found = current(bucket, key);
    if (found) return found;
    throw new AwsError("NoSuchKey", `The specified key does not exist: '${key}'`, 404);
  }
  const version = versionOf(bucket, key, id);
  if (version?.kind === "object") return version;
  throw version
    ? new AwsError("MethodNotAllowed", "The specified method is not allowed on a marker.", 405)
    : new AwsError("NoSuchVersion", `The specified version does not exist: '${id}'`, 404);
}

export const versionOf = (bucket: Bucket, key: string, id: string): Version | undefined =>
  bucket.versions.get(key)?.find((version) => version.id === id);
