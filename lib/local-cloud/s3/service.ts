import * as client from "@aws-sdk/client-s3";
import type { ServiceDefinition } from "../wire/service.ts";
import { verifySignature } from "../wire/signature.ts";
import { place } from "./addressing.ts";
import { Bodies, inMemory } from "./bodies.ts";
import { bucketOperations } from "./bucket-operations.ts";
import { Buckets, current } from "./buckets.ts";
import { Digests } from "./checksums.ts";
import { copyOperations } from "./copy.ts";
import { deleteOperations } from "./delete.ts";
import { getOperations } from "./get.ts";
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
  /** From whose buckets nothing can be copied now. @default none */
  readonly isCutOff?: (region: string) => boolean;
}

export interface S3 {
  readonly definition: ServiceDefinition;
  /** Throws BucketAlreadyOwnedByYou or InvalidBucketName. */
  createBucket(name: string, region: string, options?: { versioning?: boolean }): void;
  /** Throws NoSuchBucket. */
  putObject(bucket: string, key: string, bytes: Uint8Array): void;
  /** Keys of living objects. */
  keys(bucket: string): readonly string[];
}

/** S3: buckets in their regions, signatures checked, conditional writes, versions and locks kept. */
export function s3Service({ secretAccessKey, directory, isCutOff }: S3Options): S3 {
  const buckets = new Buckets(isCutOff);
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
        ...tagOperations(buckets),
      },
      admit(head) {
        verifySignature(head, secretAccessKey, Date.now());
        return place(head);
      },
    },

    createBucket(name, region, { versioning = false } = {}) {
      const bucket = buckets.create(name, region);
      if (versioning) bucket.versioning = "Enabled";
    },

    putObject(bucketName, key, bytes) {
      const digests = new Digests(["ChecksumCRC32"]);
      digests.update(bytes);
      const { md5, checksums } = digests.finish();
      const input = { Bucket: bucketName, Key: key };
      const making = { ...described(input), etag: `"${md5.toString("hex")}"`, checksums };
      make(buckets.get(bucketName), inMemory(Buffer.from(bytes)), making);
    },

    keys(bucketName) {
      const bucket = buckets.get(bucketName);
      return [...bucket.versions.keys()].filter((key) => current(bucket, key));
    },
  };
}
