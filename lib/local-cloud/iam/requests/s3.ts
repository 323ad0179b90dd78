import type { CopyObjectRequest, DeleteObjectsRequest, PutObjectRequest } from "@aws-sdk/client-s3";
import type { Context } from "../conditions.ts";
import type { Ask } from "../evaluate.ts";
import { everywhere, type Row, type Rows } from "./row.ts";

type In<K extends string> = Readonly<Partial<Record<K, string | undefined>>>;
type Named = In<"Bucket" | "Key" | "VersionId">;

const bucketArn = (bucket = "") => `arn:aws:s3:::${bucket}`;
const objectArn = ({ Bucket = "", Key = "" }: Named) => `arn:aws:s3:::${Bucket}/${Key}`;

const ask = (action: string, resource: string, context: Context = {}): Ask => ({
  action: `s3:${action}`,
  resource,
  context,
});

const bucket =
  (action: string): Row =>
  ({ Bucket }: Named) => [ask(action, bucketArn(Bucket))];

/** `versioned` is asked for instead where a version is named. */
const object =
  (action: string, versioned = action): Row =>
  (input: Named) => [ask(input.VersionId === undefined ? action : versioned, objectArn(input))];

const listing =
  (action: string): Row =>
  ({ Bucket, Prefix, Delimiter }: In<"Bucket" | "Prefix" | "Delimiter">) => [
    ask(action, bucketArn(Bucket), { "s3:prefix": Prefix, "s3:delimiter": Delimiter }),
  ];

const DAY_MS = 86_400_000;

/** What a retention is judged by: whole days from now. */
const retention = (mode: string | undefined, until: Date | undefined): Context => ({
  "s3:object-lock-mode": mode,
  "s3:object-lock-remaining-retention-days":
    until && String(Math.ceil((until.getTime() - Date.now()) / DAY_MS)),
});

/** An object that is written, with all that its headers ask for beside its content. */
const write: Row = (input: PutObjectRequest) => {
  const arn = objectArn(input);
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until } = input;
  return [
    ask("PutObject", arn, {
      "s3:if-none-match": input.IfNoneMatch,
      "s3:if-match": input.IfMatch,
      "s3:x-amz-storage-class": input.StorageClass,
      ...retention(mode, until),
    }),
    ...(mode || until ? [ask("PutObjectRetention", arn, retention(mode, until))] : []),
    ...(input.ObjectLockLegalHoldStatus ? [ask("PutObjectLegalHold", arn)] : []),
    ...(input.Tagging ? [ask("PutObjectTagging", arn)] : []),
    ...(input.ACL ? [ask("PutObjectAcl", arn)] : []),
  ];
};

/** `bucket/key`, or with a version at the end; a slash may come first. */
function source({ CopySource = "" }: In<"CopySource">): Ask {
  const [path = "", version] = CopySource.split("?versionId=");
  const action = version === undefined ? "GetObject" : "GetObjectVersion";
  return ask(action, `arn:aws:s3:::${decodeURIComponent(path).replace(/^\//, "")}`);
}

const copy: Row = (input: CopyObjectRequest, place) => [source(input), ...write(input, place)];

const retain: Row = (input) => {
  const { Mode: mode, RetainUntilDate: until } = input.Retention ?? {};
  const isBypass = input.BypassGovernanceRetention === true;
  return [
    ask("PutObjectRetention", objectArn(input), retention(mode, until)),
    ...(isBypass ? [ask("BypassGovernanceRetention", objectArn(input))] : []),
  ];
};

export const S3: Rows = {
  AbortMultipartUpload: object("AbortMultipartUpload"),
  CompleteMultipartUpload: write,
  CopyObject: copy,
  CreateBucket: bucket("CreateBucket"),
  CreateMultipartUpload: write,
  DeleteBucket: bucket("DeleteBucket"),
  DeleteBucketEncryption: bucket("PutEncryptionConfiguration"),
  DeleteBucketLifecycle: bucket("PutLifecycleConfiguration"),
  DeleteBucketPolicy: bucket("DeleteBucketPolicy"),
  DeleteBucketTagging: bucket("PutBucketTagging"),
  DeleteObject: object("DeleteObject", "DeleteObjectVersion"),
  // S3 refuses single keys within its answer; here one that is refused refuses the call.
  DeleteObjects: ({ Bucket, Delete }: DeleteObjectsRequest) =>
    (Delete?.Objects ?? []).map(({ Key, VersionId }) =>
      ask(
        VersionId === undefined ? "DeleteObject" : "DeleteObjectVersion",
        objectArn({ Bucket, Key }),
      ),
    ),
  DeleteObjectTagging: object("DeleteObjectTagging", "DeleteObjectVersionTagging"),
  DeletePublicAccessBlock: bucket("PutBucketPublicAccessBlock"),
  GetBucketEncryption: bucket("GetEncryptionConfiguration"),
  GetBucketLifecycleConfiguration: bucket("GetLifecycleConfiguration"),
  GetBucketLocation: bucket("GetBucketLocation"),
  GetBucketPolicy: bucket("GetBucketPolicy"),
  GetBucketTagging: bucket("GetBucketTagging"),
  GetBucketVersioning: bucket("GetBucketVersioning"),
  GetObject: object("GetObject", "GetObjectVersion"),
  GetObjectLegalHold: object("GetObjectLegalHold"),
  GetObjectLockConfiguration: bucket("GetBucketObjectLockConfiguration"),
  GetObjectRetention: object("GetObjectRetention"),
  GetObjectTagging: object("GetObjectTagging", "GetObjectVersionTagging"),
  GetPublicAccessBlock: bucket("GetBucketPublicAccessBlock"),
  HeadBucket: bucket("ListBucket"),
  HeadObject: object("GetObject", "GetObjectVersion"),
  ListBuckets: everywhere("s3:ListAllMyBuckets"),
  ListMultipartUploads: listing("ListBucketMultipartUploads"),
  ListObjects: listing("ListBucket"),
  ListObjectsV2: listing("ListBucket"),
  ListObjectVersions: listing("ListBucketVersions"),
  ListParts: object("ListMultipartUploadParts"),
  PutBucketEncryption: bucket("PutEncryptionConfiguration"),
  PutBucketLifecycleConfiguration: bucket("PutLifecycleConfiguration"),
  PutBucketPolicy: bucket("PutBucketPolicy"),
  PutBucketTagging: bucket("PutBucketTagging"),
  PutBucketVersioning: bucket("PutBucketVersioning"),
  PutObject: write,
  PutObjectLegalHold: object("PutObjectLegalHold"),
  PutObjectLockConfiguration: bucket("PutBucketObjectLockConfiguration"),
  PutObjectRetention: retain,
  PutObjectTagging: object("PutObjectTagging", "PutObjectVersionTagging"),
  PutPublicAccessBlock: bucket("PutBucketPublicAccessBlock"),
  UploadPart: object("PutObject"),
  UploadPartCopy: (input) => [source(input), ask("PutObject", objectArn(input))],
};

/** Without it S3 does not say that an object is missing: it refuses. A leave for a prefix does not count: a read names none. */
export const listingOf = (bucketName: string): Ask => ask("ListBucket", bucketArn(bucketName));
