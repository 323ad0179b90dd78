import type {
  CreateBucketRequest,
  HeadBucketRequest,
  PutBucketVersioningRequest,
} from "@aws-sdk/client-s3";
import { AwsError, type CallContext, type Operation } from "../wire/service.ts";
import type { Bucket, Buckets } from "./buckets.ts";

/** Bucket owners are all the same here: one account. */
const OWNER = { ID: "local-cloud", DisplayName: "local-cloud" };

export function bucketOperations(buckets: Buckets) {
  const find = (input: { Bucket: string | undefined }, { region }: CallContext) =>
    buckets.get(input.Bucket ?? "", region);

  return {
    async CreateBucket(input: CreateBucketRequest, { region }: CallContext) {
      const wanted = input.CreateBucketConfiguration?.LocationConstraint ?? "us-east-1";
      if (wanted !== region)
        throw new AwsError(
          "IllegalLocationConstraintException",
          `The ${wanted} location constraint is incompatible for the ${region} endpoint.`,
          400,
        );
      const bucket = buckets.create(input.Bucket ?? "", region);
      if (input.ObjectLockEnabledForBucket)
        Object.assign(bucket, { versioning: "Enabled", lock: {} });
      return { Location: `/${bucket.name}` };
    },

    async DeleteBucket(input: { Bucket: string | undefined }, context: CallContext) {
      buckets.remove(find(input, context));
    },

    async HeadBucket(input: HeadBucketRequest, context: CallContext) {
      return { BucketRegion: find(input, context).region };
    },

    async GetBucketLocation(input: { Bucket: string | undefined }) {
      const { region } = buckets.get(input.Bucket ?? "");
      return { LocationConstraint: region === "us-east-1" ? undefined : region };
    },

    async ListBuckets() {
      const listed = buckets.all().map(({ name, region, createdAt }) => ({
        Name: name,
        BucketRegion: region,
        CreationDate: createdAt,
      }));
      return { Buckets: listed, Owner: OWNER };
    },

    async PutBucketVersioning(input: PutBucketVersioningRequest, context: CallContext) {
      const bucket = find(input, context);
      const status = input.VersioningConfiguration?.Status;
      if (bucket.lock && status !== "Enabled")
        throw new AwsError("InvalidBucketState", "Object lock needs versioning 'Enabled'.", 409);
      bucket.versioning = status ?? bucket.versioning;
    },

    async GetBucketVersioning(input: { Bucket: string | undefined }, context: CallContext) {
      return { Status: find(input, context).versioning };
    },

    ...settingOperations(find),
  };
}

interface Setting {
  /** Second half of the operations' names: `GetBucketPolicy`. */
  readonly name: string;
  /** Input and output member that carries it. */
  readonly member: string;
  /** Error when it was never set. */
  readonly absent: string;
  /** Output members, when the configuration is not a member of its own. */
  readonly spread?: true;
}

/** Configurations that are stored and given back, and change nothing here. */
const SETTINGS: readonly Setting[] = [
  {
    name: "BucketEncryption",
    member: "ServerSideEncryptionConfiguration",
    absent: "ServerSideEncryptionConfigurationNotFoundError",
  },
  { name: "BucketTagging", member: "Tagging", absent: "NoSuchTagSet", spread: true },
  { name: "BucketPolicy", member: "Policy", absent: "NoSuchBucketPolicy" },
  {
    name: "PublicAccessBlock",
    member: "PublicAccessBlockConfiguration",
    absent: "NoSuchPublicAccessBlockConfiguration",
  },
];

type Find = (input: { Bucket: string | undefined }, context: CallContext) => Bucket;

function settingOperations(find: Find): Record<string, Operation> {
  return Object.fromEntries(SETTINGS.flatMap((setting) => operationsOf(setting, find)));
}

function operationsOf({ name, member, absent, spread }: Setting, find: Find) {
  const put: Operation = async (input, context) => {
    find(input, context).settings.set(name, input[member]);
  };
  const get: Operation = async (input, context) => {
    const bucket = find(input, context);
    const value = bucket.settings.get(name);
    if (value === undefined) throw new AwsError(absent, `'${bucket.name}' has no ${member}`, 404);
    return spread ? value : { [member]: value };
  };
  const remove: Operation = async (input, context) => {
    find(input, context).settings.delete(name);
  };
  return [
    [`Put${name}`, put],
    [`Get${name}`, get],
    [`Delete${name}`, remove],
  ] as const;
}
