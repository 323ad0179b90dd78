import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Pairs } from "../download/ports.ts";
import { fileKeys, filesBucket } from "../files/contract.ts";
import type { Clock } from "../kernel/clock.ts";
import { clientSettings } from "./clients.ts";
import { answered, errorName } from "./cloud-errors.ts";

interface Here {
  readonly account: string;
  readonly region: string;
}

/** By the newest versions of what is written down beside the replica of a region; nothing of it is read. */
export function pairedFiles(clock: Clock, { account, region }: Here): Pairs {
  const bucket = filesBucket(account, region);
  const client = new S3Client(clientSettings(clock, { region }));
  const versionOf = async (key: string) => {
    const doing = `look for s3://${bucket}/${key}`;
    try {
      const command = new HeadObjectCommand({ Bucket: bucket, Key: key });
      return (await answered(doing, client.send(command))).VersionId;
    } catch (cause) {
      if (errorName(cause) === "NotFound") return undefined;
      throw cause;
    }
  };
  return async (instance, backup) => {
    const [manifest, paths] = await Promise.all([
      versionOf(fileKeys.manifest(instance, backup)),
      versionOf(fileKeys.paths(instance, backup)),
    ]);
    return manifest === undefined ? undefined : { manifest, ...(paths !== undefined && { paths }) };
  };
}
