import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type CfnBucket,
  ObjectOwnership,
} from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { allow } from "./bundled-function.ts";

/** Of every bucket of ours. */
export const PRIVATE = {
  encryption: BucketEncryption.S3_MANAGED,
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
} as const;

/** As long as the logs of the functions. */
const ACCESSES_KEPT = Duration.days(90);

interface Guarded extends BucketProps {
  readonly bucketName: string;
  /** Owner of the bucket. */
  readonly account: string;
  /** Names of other buckets whose accesses are told in the same place. */
  readonly alsoLogs?: readonly string[];
}

export interface GuardedBucket {
  readonly bucket: Bucket;
  /** Says who read and wrote it. */
  readonly accesses: Bucket;
}

/**
 * A bucket for evidence: private, it outlives the stack, every version of it is kept, and a second bucket says who
 * read and wrote it.
 */
export function guardedBucket(
  scope: Construct,
  id: string,
  { account, alsoLogs = [], ...props }: Guarded,
): GuardedBucket {
  const { bucketName: name } = props;
  const bucket = new Bucket(scope, id, { ...PRIVATE, versioned: true, ...props });
  const accesses = new Bucket(scope, `${id}Accesses`, {
    ...PRIVATE,
    bucketName: `${name}-accesses`,
    lifecycleRules: [{ expiration: ACCESSES_KEPT }],
  });
  const mayLog = allow(["s3:PutObject"], [accesses.arnForObjects("*")], {
    StringEquals: { "aws:SourceAccount": account },
    ArnLike: { "aws:SourceArn": [name, ...alsoLogs].map((each) => `arn:aws:s3:::${each}`) },
  });
  mayLog.addPrincipals(new ServicePrincipal("logging.s3.amazonaws.com"));
  accesses.addToResourcePolicy(mayLog);
  // By the low-level resource: the other way writes an ACL or a policy, as a flag of the app wants it.
  (bucket.node.defaultChild as CfnBucket).loggingConfiguration = {
    destinationBucketName: accesses.bucketName,
  };
  return { bucket, accesses };
}
