import { RemovalPolicy } from "aws-cdk-lib";
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { ledgerBucket } from "../../functions/ledger/contract.ts";

/** The ledger of one site: evidence, so it outlives the stack and every version of it is kept. */
export const ledger = (scope: Construct, account: string, region: string) =>
  new Bucket(scope, "Ledger", {
    bucketName: ledgerBucket(account, region),
    versioned: true,
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    removalPolicy: RemovalPolicy.RETAIN,
  });
