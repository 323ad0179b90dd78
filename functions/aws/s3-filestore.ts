import { ListObjectsV2Command, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import type { Filestore } from "../../lib/sla/backups/filestore.ts";
import type { SourceFile } from "../../lib/sla/backups/mirror.ts";
import type { Source } from "../files/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { type ClientOptions, clientSettings, perRegion } from "./clients.ts";
import { answered, cloudError, errorName } from "./cloud-errors.ts";

/** A client for the region where a bucket lies. */
type BucketClients = (filestore: Filestore) => Promise<S3Client>;

/** Asked from `region`; what a bucket's region is does not change. */
export function bucketClients(clock: Clock, region: string, options: ClientOptions = {}) {
  const clients = perRegion(
    (place) => new S3Client(clientSettings(clock, { ...options, region: place })),
  );
  const known = new Map<string, string>();
  return (async (filestore) => {
    const { bucket } = filestore;
    const there = known.get(bucket) ?? (await lookUp(clients(region), region, filestore));
    known.set(bucket, there);
    return clients(there);
  }) satisfies BucketClients;
}

/** Lists the provider's buckets wherever they lie. */
export function s3Source(clock: Clock, region: string): Source {
  const clientFor = bucketClients(clock, region);
  return { list: async (filestore) => listFiles(await clientFor(filestore), filestore) };
}

export const listFiles = (client: S3Client, { bucket, prefix }: Filestore) =>
  answered(`list s3://${bucket}/${prefix}`, listed(client, bucket, prefix));

/** Page by page: a filestore may have a million files. */
async function listed(client: S3Client, Bucket: string, Prefix: string) {
  const found: SourceFile[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix })) {
    for (const { Key = "", Size: size = 0, ETag: etag = "" } of Contents) {
      const key = Key.slice(Prefix.length);
      // The folder itself, as the console makes it, is no file.
      if (key !== "") found.push({ key, size, etag });
    }
  }
  return found;
}

/** Whoever asks in the wrong region is told the right one: no permission is needed for it, and no third region. */
async function lookUp(client: S3Client, region: string, { bucket, prefix }: Filestore) {
  const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 });
  try {
    await client.send(command);
    return region;
  } catch (cause) {
    const there = regionIn(cause);
    if (there !== undefined && there !== region) return there;
    if (errorName(cause) !== "NoSuchBucket") throw cloudError(cause, `find the bucket '${bucket}'`);
    throw new SlaError(
      "FilestoreMissing",
      "operator",
      `there is no bucket '${bucket}': correct filestore: in the fleet`,
      { cause },
    );
  }
}

function regionIn(cause: unknown): string | undefined {
  const { $response } = cause as { readonly $response?: { readonly headers?: object } };
  const headers = ($response?.headers ?? {}) as Readonly<Record<string, string>>;
  return headers["x-amz-bucket-region"];
}
