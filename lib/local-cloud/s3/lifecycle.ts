import type { LifecycleRule, PutBucketLifecycleConfigurationRequest } from "@aws-sdk/client-s3";
import { AwsError, type CallContext } from "../wire/service.ts";
import type { Bucket, Buckets, Version } from "./buckets.ts";
import { isLocked } from "./lock.ts";
import { drop, nextVersionId, push } from "./versions.ts";

const NAME = "LifecycleConfiguration";
const DAY = 86_400_000;

/** What a rule may say here; whatever else would have to be ignored. */
const KNOWN = ["ID", "Status", "Filter", "Prefix", "Expiration", "NoncurrentVersionExpiration"];

type BucketInput = { readonly Bucket: string | undefined };

export function lifecycleOperations(buckets: Buckets) {
  const find = ({ Bucket = "" }: BucketInput, { region }: CallContext) =>
    buckets.get(Bucket, region);
  return {
    async PutBucketLifecycleConfiguration(
      input: PutBucketLifecycleConfigurationRequest,
      context: CallContext,
    ) {
      const rules = input.LifecycleConfiguration?.Rules ?? [];
      for (const rule of rules) refuseUnknown(rule);
      find(input, context).settings.set(NAME, rules);
    },

    async GetBucketLifecycleConfiguration(input: BucketInput, context: CallContext) {
      const rules = rulesOf(find(input, context));
      if (rules.length > 0) return { Rules: rules };
      throw new AwsError(
        "NoSuchLifecycleConfiguration",
        "The lifecycle configuration does not exist",
        404,
      );
    },

    async DeleteBucketLifecycle(input: BucketInput, context: CallContext) {
      find(input, context).settings.delete(NAME);
    },
  };
}

/** What S3 does once a day: versions whose time is over go, unless a lock holds them. */
export function applyLifecycle(bucket: Bucket, now: Date): void {
  for (const rule of rulesOf(bucket)) {
    if (rule.Status !== "Enabled") continue;
    for (const [key, versions] of bucket.versions) {
      if (key.startsWith(rule.Filter?.Prefix ?? rule.Prefix ?? "")) {
        expire(bucket, versions, rule, now);
      }
    }
  }
}

function expire(bucket: Bucket, versions: readonly Version[], rule: LifecycleRule, now: Date) {
  const isOver = (since: Date | undefined, days: number | undefined) =>
    since !== undefined &&
    days !== undefined &&
    now.getTime() - since.getTime() >= (days * DAY) / bucket.pace;
  for (const [index, version] of versions.entries()) {
    // A version is no longer current since the next one came.
    const replacedAt = versions[index - 1]?.at;
    if (!isOver(replacedAt, rule.NoncurrentVersionExpiration?.NoncurrentDays)) continue;
    if (version.kind === "marker" || !isLocked(version, false, now)) drop(bucket, version);
  }
  const [newest] = versions;
  if (newest?.kind !== "object" || !isOver(newest.at, rule.Expiration?.Days)) return;
  if (bucket.versioning !== undefined) {
    push(bucket, { kind: "marker", id: nextVersionId(bucket), key: newest.key, at: now });
  } else drop(bucket, newest);
}

const rulesOf = ({ settings }: Bucket) => (settings.get(NAME) ?? []) as readonly LifecycleRule[];

function refuseUnknown(rule: LifecycleRule): void {
  const unknown = Object.keys(rule).filter((name) => !KNOWN.includes(name));
  if (unknown.length === 0) return;
  const message = `the local cloud does not simulate ${unknown.join(", ")}`;
  throw new AwsError("NotImplemented", message, 501);
}
