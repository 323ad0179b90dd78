import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Manifest } from "../../lib/sla/backups/manifest.ts";
import type { FileShelf } from "../deliver/ports.ts";
import { fileKeys, filesBucket } from "../files/contract.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { clientSettings } from "./clients.ts";
import { answered, errorName } from "./cloud-errors.ts";
import { s3Ledger } from "./s3-ledger.ts";

/** A manifest of a million files has some megabytes. */
const READING = { answerSeconds: 60, answerFloorMs: 10_000 };
const GONE: ReadonlySet<string> = new Set(["NoSuchKey", "NoSuchVersion"]);

/** Versions of the replicas of the own region. */
export function deliveredFiles(
  clock: Clock,
  { account, region }: { readonly account: string; readonly region: string },
): FileShelf {
  const bucket = filesBucket(account, region);
  const client = new S3Client({
    ...clientSettings(clock, { ...READING, region }),
    // Their sums are those of whoever stored the originals, if they had any.
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const paper = s3Ledger(client, bucket);
  return {
    manifest: async (instance, backup) =>
      (await paper.read<Manifest>(fileKeys.manifest(instance, backup)))?.value,

    async open(instance, { key, versionId }) {
      const Key = `${fileKeys.replica(instance)}${key}`;
      const doing = `read s3://${bucket}/${Key}`;
      const command = new GetObjectCommand({ Bucket: bucket, Key, VersionId: versionId });
      try {
        const { Body } = await answered(doing, client.send(command));
        if (Body) return Body.transformToWebStream();
      } catch (cause) {
        if (!GONE.has(errorName(cause) ?? "")) throw cause;
        const said = `${key}, version ${versionId}, is not in the replica of ${region} any more`;
        throw new SlaError("FilesBroken", "operator", said, { cause });
      }
      throw new SlaError("CloudUnreachable", "cloud", `${doing}: answered no body`);
    },
  };
}
