import type {
  GetObjectLegalHoldRequest,
  GetObjectRetentionRequest,
  PutObjectLegalHoldRequest,
  PutObjectLockConfigurationRequest,
  PutObjectRetentionRequest,
} from "@aws-sdk/client-s3";
import { AwsError, type CallContext } from "../wire/service.ts";
import {
  type Bucket,
  type Buckets,
  objectOf,
  type Retention,
  type StoredObject,
} from "./buckets.ts";

const DAY = 86_400_000;

/** The retention a new object gets from its bucket: configured time, so it is paced. */
export function defaultRetention(
  { lock, pace }: Pick<Bucket, "lock" | "pace">,
  at: Date,
): Retention | undefined {
  const { mode, days = 0, years = 0 } = lock ?? {};
  if (!mode) return undefined;
  return { mode, until: new Date(at.getTime() + ((days + 365 * years) * DAY) / pace) };
}

/** Throws AccessDenied while a version is held or retained. Nothing bypasses compliance mode. */
export function refuseIfLocked(
  object: Pick<StoredObject, "retention" | "legalHold">,
  bypassGovernance: boolean,
  now: Date,
): void {
  if (isLocked(object, bypassGovernance, now))
    throw new AwsError(
      "AccessDenied",
      "Access Denied because object protected by object lock.",
      403,
    );
}

export const isLocked = (
  { legalHold, retention }: Pick<StoredObject, "retention" | "legalHold">,
  bypassGovernance: boolean,
  now: Date,
): boolean => legalHold || isRetained(retention, bypassGovernance, now);

function isRetained(retention: Retention | undefined, bypass: boolean, now: Date): boolean {
  if (!retention || retention.until <= now) return false;
  return retention.mode === "COMPLIANCE" || !bypass;
}

type BucketInput = { readonly Bucket: string | undefined };
type ObjectInput = BucketInput & {
  readonly Key: string | undefined;
  readonly VersionId?: string | undefined;
};

export function lockOperations(buckets: Buckets) {
  const find: FindObject = (input, { region }) =>
    objectOf(locked(buckets.get(input.Bucket ?? "", region)), input.Key ?? "", input.VersionId);
  return {
    ...retentionOperations(find),

    async PutObjectLegalHold(input: PutObjectLegalHoldRequest, context: CallContext) {
      find(input, context).legalHold = input.LegalHold?.Status === "ON";
    },

    async GetObjectLegalHold(input: GetObjectLegalHoldRequest, context: CallContext) {
      return { LegalHold: { Status: find(input, context).legalHold ? "ON" : "OFF" } };
    },

    async PutObjectLockConfiguration(
      input: PutObjectLockConfigurationRequest,
      { region }: CallContext,
    ) {
      const bucket = buckets.get(input.Bucket ?? "", region);
      if (bucket.versioning !== "Enabled")
        throw new AwsError(
          "InvalidBucketState",
          "Versioning must be 'Enabled' on the bucket.",
          409,
        );
      const rule = input.ObjectLockConfiguration?.Rule?.DefaultRetention;
      bucket.lock = {
        ...(rule?.Mode && { mode: rule.Mode }),
        ...(rule?.Days !== undefined && { days: rule.Days }),
        ...(rule?.Years !== undefined && { years: rule.Years }),
      };
    },

    async GetObjectLockConfiguration(input: BucketInput, { region }: CallContext) {
      const { mode, days, years } = locked(buckets.get(input.Bucket ?? "", region)).lock ?? {};
      const rule = mode && { DefaultRetention: { Mode: mode, Days: days, Years: years } };
      return { ObjectLockConfiguration: { ObjectLockEnabled: "Enabled", Rule: rule } };
    },
  };
}

type FindObject = (input: ObjectInput, context: CallContext) => StoredObject;

function retentionOperations(find: FindObject) {
  return {
    async PutObjectRetention(input: PutObjectRetentionRequest, context: CallContext) {
      const object = find(input, context);
      const { Mode: mode, RetainUntilDate: until } = input.Retention ?? {};
      const wanted = mode && until ? { mode, until } : undefined;
      const bypass = input.BypassGovernanceRetention ?? false;
      // A legal hold keeps the version, it does not keep its retention from changing.
      if (weakens(object.retention, wanted))
        refuseIfLocked({ retention: object.retention, legalHold: false }, bypass, new Date());
      object.retention = wanted;
    },

    async GetObjectRetention(input: GetObjectRetentionRequest, context: CallContext) {
      const { retention } = find(input, context);
      if (!retention) throw noLock("retention");
      return { Retention: { Mode: retention.mode, RetainUntilDate: retention.until } };
    },
  };
}

/** Shorter, gone, or from compliance to governance. */
function weakens(before: Retention | undefined, after: Retention | undefined): boolean {
  if (!before) return false;
  return !after || after.until < before.until || after.mode !== before.mode;
}

function locked(bucket: Bucket): Bucket {
  if (bucket.lock) return bucket;
  throw new AwsError(
    "ObjectLockConfigurationNotFoundError",
    `Object Lock configuration does not exist for the bucket '${bucket.name}'`,
    404,
  );
}

const noLock = (what: string) =>
  new AwsError("NoSuchObjectLockConfiguration", `The specified object has no ${what}.`, 404);
