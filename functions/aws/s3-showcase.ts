import {
  DeleteObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from "@aws-sdk/client-s3";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import type { Showcase } from "../status/ports.ts";
import { clientSettings } from "./clients.ts";
import { answered } from "./cloud-errors.ts";

/** For a minute what was read may be shown again; where the bucket does not answer, for a day. */
const CACHED = "public, max-age=60, stale-if-error=86400";

/** A bucket of the own region that encrypts by S3's keys: only then an ETag is an MD5. */
export function s3Showcase(clock: Clock, bucket: string): Showcase {
  const client = new S3Client(clientSettings(clock));
  return {
    async list() {
      const pages = paginateListObjectsV2({ client }, { Bucket: bucket });
      const all = await answered(`list s3://${bucket}`, Array.fromAsync(pages));
      const objects = all.flatMap(({ Contents }) => Contents ?? []);
      return new Map(
        objects.flatMap(({ Key, ETag }) => (Key && ETag ? [[Key, ETag.replaceAll('"', "")]] : [])),
      );
    },

    async put(Key, { body: Body, type: ContentType }) {
      const input = { Bucket: bucket, Key, Body, ContentType, CacheControl: CACHED };
      await silenced(`write a page of s3://${bucket}`, client.send(new PutObjectCommand(input)));
    },

    async remove(Key) {
      const gone = client.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
      await silenced(`delete a page of s3://${bucket}`, gone);
    },
  };
}

/** S3 names the key that it refuses, and that of a customer's page is secret. */
async function silenced(doing: string, call: Promise<unknown>): Promise<void> {
  try {
    await answered(doing, call);
  } catch (cause) {
    const { code, blame } =
      cause instanceof SlaError ? cause : ({ code: "StatusBroken", blame: "bug" } as const);
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new SlaError(code, blame, said.replaceAll(/c\/[\w-]{43}/g, "c/…"));
  }
}
