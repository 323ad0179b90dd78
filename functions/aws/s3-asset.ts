import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Clock } from "../kernel/clock.ts";
import type { Assets } from "../ledger/publish.ts";
import { clientSettings } from "./clients.ts";
import { answered } from "./cloud-errors.ts";

/** Assets lie in the bootstrap bucket of the region the function runs in. */
export function s3Assets(clock: Clock): Assets {
  const client = new S3Client(clientSettings(clock));
  return {
    async read(bucket, key) {
      const doing = `read the asset s3://${bucket}/${key}`;
      const { Body } = await answered(
        doing,
        client.send(new GetObjectCommand({ Bucket: bucket, Key: key })),
      );
      return (await Body?.transformToString()) ?? "";
    },
  };
}
