import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandInput,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { pathList } from "../../lib/sla/backups/file-path.ts";
import type { ReplicaFile } from "../../lib/sla/backups/mirror.ts";
import { fileKeys, filesBucket } from "../files/contract.ts";
import type { Papers, Replica } from "../files/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { clientSettings } from "./clients.ts";
import { answered } from "./cloud-errors.ts";
import { COPYING, type CopySizes, copyObject } from "./s3-copy.ts";
import { s3Ledger } from "./s3-ledger.ts";

interface Here {
  readonly account: string;
  readonly region: string;
}

/** A manifest of a million files has some megabytes. */
const PAPERS = { answerSeconds: 60, answerFloorMs: 10_000 };

const PLAIN = "text/plain; charset=utf-8";

/** DeleteObjects takes no more at once. */
const MOST_KEYS = 1000;

export function s3Replica(clock: Clock, { account, region }: Here, sizes?: CopySizes): Replica {
  const bucket = filesBucket(account, region);
  const client = new S3Client(clientSettings(clock, { region }));
  const copier = new S3Client(clientSettings(clock, { ...COPYING, region }));
  return {
    list: (instance) => newestVersions(client, bucket, fileKeys.replica(instance)),

    copy: ({ instance, from, file, until }) =>
      copyObject(
        copier,
        {
          ...{ from: { bucket: from.bucket, key: `${from.prefix}${file.key}` }, etag: file.etag },
          ...{ to: { bucket, key: `${fileKeys.replica(instance)}${file.key}` }, size: file.size },
          isLate: () => clock.now() >= until,
        },
        sizes,
      ),

    async remove(instance, keys) {
      const doing = `remove files of s3://${bucket}/${fileKeys.replica(instance)}`;
      for (let from = 0; from < keys.length; from += MOST_KEYS) {
        const Objects = keys
          .slice(from, from + MOST_KEYS)
          .map((key) => ({ Key: `${fileKeys.replica(instance)}${key}` }));
        const command = new DeleteObjectsCommand({
          ...{ Bucket: bucket, Delete: { Objects, Quiet: true } },
        });
        const { Errors: [first] = [] } = await answered(doing, client.send(command));
        if (first) throw new SlaError("FilesFailed", "cloud", `${doing}: ${first.Code}`);
      }
    },
  };
}

/** By key below the prefix; what ends with a delete marker is not there. */
async function newestVersions(client: S3Client, Bucket: string, Prefix: string) {
  const found = new Map<string, ReplicaFile>();
  for await (const { Key = "", VersionId, Size = 0, ETag = "", IsLatest } of versionsIn(
    client,
    Bucket,
    Prefix,
  )) {
    if (!IsLatest || VersionId === undefined) continue;
    found.set(Key.slice(Prefix.length), { versionId: VersionId, size: Size, etag: ETag });
  }
  return found;
}

export async function* versionsIn(client: S3Client, Bucket: string, Prefix: string) {
  const doing = `list the versions of s3://${Bucket}/${Prefix}`;
  let marker: Pick<ListObjectVersionsCommandInput, "KeyMarker" | "VersionIdMarker"> | undefined;
  do {
    const command = new ListObjectVersionsCommand({ Bucket, Prefix, ...marker });
    const page: ListObjectVersionsCommandOutput = await answered(doing, client.send(command));
    yield* page.Versions ?? [];
    marker = page.IsTruncated
      ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
      : undefined;
  } while (marker);
}

/** Beside the replica, compressed. */
export function s3Papers(clock: Clock, { account, region }: Here): Papers {
  const bucket = filesBucket(account, region);
  const client = new S3Client(clientSettings(clock, { ...PAPERS, region }));
  const paper = s3Ledger(client, bucket);
  return {
    async originals(instance) {
      const found = await paper.read<readonly (readonly [string, string])[]>(
        fileKeys.originals(instance),
      );
      return new Map(found?.value);
    },

    async keepOriginals(instance, originals) {
      const key = fileKeys.originals(instance);
      const before = await paper.read(key);
      const value = [...originals];
      await (before ? paper.replace(key, value, before.tag) : paper.create(key, value));
    },

    async write(manifest) {
      const { instance, backup, files } = manifest;
      const Key = fileKeys.paths(instance, backup);
      const Body = Buffer.concat([...pathList(files)].map((lines) => Buffer.from(lines)));
      const command = new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType: PLAIN });
      // First: where a manifest is, nobody comes back for them.
      await answered(`write s3://${bucket}/${Key}`, client.send(command));
      await paper.create(fileKeys.manifest(instance, backup), manifest);
    },

    async drop(instance, backup) {
      for (const key of [fileKeys.manifest, fileKeys.paths]) {
        const Key = key(instance, backup);
        const command = new DeleteObjectCommand({ Bucket: bucket, Key });
        await answered(`delete s3://${bucket}/${Key}`, client.send(command));
      }
    },
  };
}
