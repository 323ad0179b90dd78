import { GetObjectCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Vault } from "../freeze/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { clientSettings } from "./clients.ts";
import { answered, errorName } from "./cloud-errors.ts";
import { s3Ledger } from "./s3-ledger.ts";

/** The bucket of frozen copies: another account's, in the region the function runs in. */
export function s3Vault(clock: Clock, bucket: string): Vault {
  const client = new S3Client(clientSettings(clock));
  const { create, list } = s3Ledger(client, bucket);
  return {
    bucket,
    writeOnce: create,

    async keys(prefix) {
      const listed = await list(prefix).catch((cause: unknown) => {
        throw missingOr(cause, `list s3://${bucket}/${prefix}`);
      });
      return listed.map(({ key }) => key);
    },

    async text(key) {
      const { Body } = await found(
        `read s3://${bucket}/${key}`,
        client.send(new GetObjectCommand({ Bucket: bucket, Key: key })),
      );
      return Body?.transformToString();
    },

    async lock(key) {
      const head = await found(
        `look at s3://${bucket}/${key}`,
        client.send(new HeadObjectCommand({ Bucket: bucket, Key: key })),
      );
      const { ContentLength: bytes, LastModified: writtenAt } = head;
      if (bytes === undefined || writtenAt === undefined) return undefined;
      const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until } = head;
      const isHeld = mode === "COMPLIANCE" && until !== undefined;
      return { bytes, writtenAt, ...(isHeld && { retainUntil: until }) };
    },
  };
}

async function found<T>(doing: string, call: Promise<T>): Promise<Partial<T>> {
  try {
    return await answered(doing, call);
  } catch (cause) {
    const name = errorName(cause) ?? "";
    if (["NoSuchKey", "NotFound"].includes(name)) return {};
    throw missingOr(cause, doing);
  }
}

function missingOr(cause: unknown, doing: string): unknown {
  const name = errorName(cause) ?? errorName((cause as Error).cause);
  if (name !== "NoSuchBucket") return cause;
  const said = `${doing}: no such bucket; deploy the stack of the frozen account`;
  return new SlaError("FrozenMissing", "operator", said, { cause });
}
