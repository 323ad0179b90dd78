import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Clock } from "../kernel/clock.ts";
import { ledgerBucket } from "../ledger/contract.ts";
import type { Library } from "../report/ports.ts";
import { clientSettings } from "./clients.ts";
import { answered, errorName } from "./cloud-errors.ts";

/** Documents in the ledger of the site it runs in, under the type that a browser opens. */
export function s3Library(
  clock: Clock,
  { account, region }: { readonly account: string; readonly region: string },
): Library {
  const client = new S3Client(clientSettings(clock));
  const Bucket = ledgerBucket(account, region);
  return {
    async create(Key, text, ContentType) {
      const put = new PutObjectCommand({ Bucket, Key, Body: text, ContentType, IfNoneMatch: "*" });
      try {
        await answered(`write s3://${Bucket}/${Key}`, client.send(put));
        return true;
      } catch (cause) {
        // Of two at once either may be told so; whoever asks then reads what lies there.
        const taken = ["PreconditionFailed", "ConditionalRequestConflict"];
        if (taken.includes(errorName(cause) ?? "")) return false;
        throw cause;
      }
    },

    async text(Key) {
      const get = new GetObjectCommand({ Bucket, Key });
      try {
        const { Body } = await answered(`read s3://${Bucket}/${Key}`, client.send(get));
        return await Body?.transformToString();
      } catch (cause) {
        if (errorName(cause) === "NoSuchKey") return undefined;
        throw cause;
      }
    },
  };
}
