import * as client from "@aws-sdk/client-s3";
import type { ServiceDefinition } from "../wire/service.ts";
import { verifySignature } from "../wire/signature.ts";
import { place } from "./addressing.ts";
import { Bodies, inMemory } from "./bodies.ts";
import { bucketOperations } from "./bucket-operations.ts";
import { Buckets, current, type ObjectLock, objectOf } from "./buckets.ts";
import { Digests } from "./checksums.ts";
import { copyOperations } from "./copy.ts";
import { deleteOperations } from "./delete.ts";
import { getOperations } from "./get.ts";
import { applyLifecycle, lifecycleOperations } from "./lifecycle.ts";
import { listOperations } from "./list.ts";
import { lockOperations } from "./lock.ts";
import { described, make } from "./making.ts";
import { multipartOperations } from "./multipart.ts";
import { putOperations } from "./put.ts";
import { tagOperations } from "./tags.ts";

export interface S3Options {
  /** The one key every client of the local cloud signs with. */
  readonly secretAccessKey: string;
  /** Where bodies above 1 MiB go; without it they stay in memory. */
  readonly directory?: string;
  /** Divides the retention that a bucket gives its objects. @default 1 */
  readonly pace?: number;
  /** From whose buckets nothing can be copied now. @default none */
  readonly isCutOff?: (region: string) => boolean;
}

interface BucketOptions {
  readonly versioning?: boolean;
  /** Object lock from the beginning, with the retention of new objects; it brings versioning along. */
  readonly lock?: ObjectLock;
}

export interface S3 {
  readonly definition: ServiceDefinition;
  /** Throws BucketAlreadyOwnedByYou or InvalidBucketName. */
  createBucket(name: string, region: string, options?: BucketOptions): void;
  /** Throws NoSuchBucket. */
  putObject(bucket: string, key: string, bytes: Uint8Array): void;
  /** The whole of an object. Throws NoSuchBucket or NoSuchKey. */
  read(bucket: string, key: string): Promise<Buffer>;
  /** Keys of living objects. */
  keys(bucket: string): readonly string[];
  /** Does what lifecycle rules say of that instant; S3 does it once a day, here nothing does it by itself. */
  applyLifecycle(bucket: string, now: Date): void;
}

/** S3: buckets in their regions, signatures checked, conditional writes, versions and locks kept. */
export function s3Service({ secretAccessKey, directory, pace, isCutOff }: S3Options): S3 {
  const buckets = new Buckets(pace, isCutOff);
  const bodies = new Bodies(directory);
  return {
    definition: {
      name: "s3",
      client,
      operations: {
        ...bucketOperations(buckets),
        ...putOperations(buckets, bodies),
        ...copyOperations(buckets, bodies),
        ...getOperations(buckets),
        ...deleteOperations(buckets),
        ...listOperations(buckets),
        ...multipartOperations(buckets, bodies),
        ...lockOperations(buckets),
        ...lifecycleOperations(buckets),
        ...tagOperations(buckets),
      },
      admit(head) {
        verifySignature(head, secretAccessKey, Date.now());
        return place(head);
      },
    },

    createBucket(name, region, { versioning = false, lock } = {}) {
      const bucket = buckets.create(name, region);
      if (versioning || lock) bucket.versioning = "Enabled";
      bucket.lock = lock;
    },

    putObject(bucketName, key, bytes) {
      const digests = new Digests(["ChecksumCRC32"]);
      digests.update(bytes);
      const { md5, checksums } = digests.finish();
      const input = { Bucket: bucketName, Key: key };
      const making = { ...described(input), etag: `"${md5.toString("hex")}"`, checksums };
      make(buckets.get(bucketName), inMemory(Buffer.from(bytes)), making);
    },

    async read(bucketName, key) {
      const { body } = objectOf(buckets.get(bucketName), key, undefined);
      const content = body.size === 0 ? Buffer.alloc(0) : body.read(0, body.size - 1);
      return Buffer.isBuffer(content) ? content : Buffer.concat(await Array.fromAsync(content));
    },

    keys(bucketName) {
      const bucket = buckets.get(bucketName);
      return [...bucket.versions.keys()].filter((key) => current(bucket, key));
    },

    applyLifecycle: (name, now) => applyLifecycle(buckets.get(name), now),
  };
}
