import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  ObjectOwnership,
} from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { filesBucket } from "../../functions/files/contract.ts";
import { ledgerBucket } from "../../functions/ledger/contract.ts";
import { allow } from "./bundled-function.ts";

/** Of every bucket of ours. */
export const PRIVATE = {
  encryption: BucketEncryption.S3_MANAGED,
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  removalPolicy: RemovalPolicy.RETAIN,
} as const;

/** As long as the logs of the functions. */
const ACCESSES_KEPT = Duration.days(90);

interface LedgerBuckets {
  readonly bucket: Bucket;
  /** Says who read and wrote the buckets of the site. */
  readonly accesses: Bucket;
}

/**
 * The ledger of one site: evidence, so it outlives the stack, every version of it is kept, and a second
 * bucket says who read and wrote it.
 */
export function ledger(scope: Construct, account: string, region: string): LedgerBuckets {
  const name = ledgerBucket(account, region);
  const bucket = new Bucket(scope, "Ledger", { ...PRIVATE, bucketName: name, versioned: true });
  const accesses = new Bucket(scope, "LedgerAccesses", {
    ...PRIVATE,
    bucketName: `${name}-accesses`,
    lifecycleRules: [{ expiration: ACCESSES_KEPT }],
  });
  const mayLog = allow(["s3:PutObject"], [accesses.arnForObjects("*")], {
    StringEquals: { "aws:SourceAccount": account },
    ArnLike: {
      "aws:SourceArn": [name, filesBucket(account, region)].map((each) => `arn:aws:s3:::${each}`),
    },
  });
  mayLog.addPrincipals(new ServicePrincipal("logging.s3.amazonaws.com"));
  accesses.addToResourcePolicy(mayLog);
  // By the low-level resource: the other way writes an ACL or a policy, as a flag of the app wants it.
  (bucket.node.defaultChild as CfnBucket).loggingConfiguration = {
    destinationBucketName: accesses.bucketName,
  };
  return { bucket, accesses };
}
