import { gunzipSync } from "node:zlib";
import {
  GetObjectCommand,
  NoSuchKey,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";

/** Reads a site's ledger as a person would: through S3. */
export function ledgerReader(client: S3Client, bucket: string) {
  return {
    async read<T>(key: string): Promise<T | undefined> {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
        return JSON.parse((key.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString()) as T;
      } catch (cause) {
        if (cause instanceof NoSuchKey) return undefined;
        throw cause;
      }
    },

    async keys(prefix: string): Promise<string[]> {
      const pages = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix });
      const found = (await Array.fromAsync(pages)).flatMap(({ Contents }) => Contents ?? []);
      return found.flatMap(({ Key }) => Key ?? []);
    },
  };
}
