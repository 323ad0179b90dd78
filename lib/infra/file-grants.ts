import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { filesBucket } from "../../functions/files/contract.ts";
import { filestoreOf, soldFilestore } from "../sla/backups/filestore.ts";
import type { Fleet } from "../sla/fleet.ts";
import { allow } from "./bundled-function.ts";

/** Reads what the fleet names, writes its own bucket; no version of anything can be deleted by it. */
export function fileGrants(fleet: Fleet, region: string): readonly PolicyStatement[] {
  const bucket = arnOf(fleet.provider.account, region);
  const folders = (...names: readonly string[]) => names.map((name) => `${bucket}/${name}/*`);
  return [
    ...reading(fleet),
    allow(["s3:ListBucket", "s3:ListBucketVersions"], [bucket]),
    allow(["s3:GetObject"], folders("originals")),
    allow(["s3:PutObject"], folders("files", "manifests", "originals", "paths")),
    allow(["s3:AbortMultipartUpload"], folders("files")),
    allow(["s3:DeleteObject"], folders("files", "manifests", "paths")),
  ];
}

export const sellsFiles = (fleet: Fleet): boolean =>
  fleet.instances.some((instance) => soldFilestore(fleet, instance) !== undefined);

/** Their names only. */
export const listManifests = (account: string, region: string) =>
  allow(["s3:ListBucket"], [arnOf(account, region)], {
    StringLike: { "s3:prefix": "manifests/*" },
  });

const arnOf = (account: string, region: string) => `arn:aws:s3:::${filesBucket(account, region)}`;

/** Only below the prefixes of the fleet: beside them may lie what belongs to somebody else. */
function reading(fleet: Fleet): readonly PolicyStatement[] {
  const named = fleet.instances.flatMap((instance) => soldFilestore(fleet, instance) ?? []);
  const prefixes = Map.groupBy([...new Set(named)].map(filestoreOf), ({ bucket }) => bucket);
  if (prefixes.size === 0) return [];
  const all = [...prefixes].flatMap(([bucket, stores]) =>
    stores.map(({ prefix }) => `arn:aws:s3:::${bucket}/${prefix}*`),
  );
  return [
    ...[...prefixes].map(([bucket, stores]) =>
      allow(["s3:ListBucket"], [`arn:aws:s3:::${bucket}`], {
        StringLike: { "s3:prefix": stores.map(({ prefix }) => `${prefix}*`) },
      }),
    ),
    allow(["s3:GetObject"], all),
    // Where a bucket encrypts by a key of the customer's; S3 says for which object it asks, or for which bucket.
    allow(["kms:Decrypt"], [`arn:aws:kms:*:${fleet.provider.account}:key/*`], {
      StringLike: {
        "kms:ViaService": "s3.*.amazonaws.com",
        "kms:EncryptionContext:aws:s3:arn": [
          ...[...prefixes.keys()].map((bucket) => `arn:aws:s3:::${bucket}`),
          ...all,
        ],
      },
    }),
  ];
}
