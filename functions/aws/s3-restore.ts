import { S3Client } from "@aws-sdk/client-s3";
import type { Manifest } from "../../lib/sla/backups/manifest.ts";
import { fileKeys, filesBucket } from "../files/contract.ts";
import type { Archive, Target } from "../files/restore.ts";
import type { Clock } from "../kernel/clock.ts";
import { clientSettings } from "./clients.ts";
import { COPYING, type CopySizes, copyObject } from "./s3-copy.ts";
import { versionsIn } from "./s3-files.ts";
import { bucketClients, listFiles } from "./s3-filestore.ts";
import { s3Ledger } from "./s3-ledger.ts";

interface Here {
  readonly account: string;
  readonly region: string;
}

/** A manifest of a million files has some megabytes. */
const READING = { answerSeconds: 60, answerFloorMs: 10_000 };

export function s3Archive(clock: Clock, { account, region }: Here): Archive {
  const bucket = filesBucket(account, region);
  const client = new S3Client(clientSettings(clock, { ...READING, region }));
  const paper = s3Ledger(client, bucket);
  return {
    manifest: async (instance, backup) =>
      (await paper.read<Manifest>(fileKeys.manifest(instance, backup)))?.value,

    async versions(instance) {
      const found = new Set<string>();
      for await (const { VersionId } of versionsIn(client, bucket, fileKeys.replica(instance))) {
        if (VersionId !== undefined) found.add(VersionId);
      }
      return found;
    },
  };
}

/** From the replica of the own region. */
export function s3Target(clock: Clock, { account, region }: Here, sizes?: CopySizes): Target {
  const clientFor = bucketClients(clock, region, COPYING);
  const from = filesBucket(account, region);
  return {
    async keys(filestore) {
      const files = await listFiles(await clientFor(filestore), filestore);
      return files.map(({ key }) => key);
    },

    async copy({ instance, file: { key, size, versionId }, to, until }) {
      const order = {
        from: { bucket: from, key: `${fileKeys.replica(instance)}${key}`, versionId },
        to: { bucket: to.bucket, key: `${to.prefix}${key}` },
        ...{ size, isLate: () => clock.now() >= until },
      };
      const { kind } = await copyObject(await clientFor(to), order, sizes);
      return kind === "changed" ? "gone" : kind;
    },
  };
}
