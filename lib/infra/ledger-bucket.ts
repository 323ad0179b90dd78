import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { ledgerBucket } from "../../functions/ledger/contract.ts";
import { guardedBucket } from "./guarded-bucket.ts";

/** The ledger of one site. */
export const ledger = (scope: Construct, account: string, region: string): Bucket =>
  guardedBucket(scope, "Ledger", { account, bucketName: ledgerBucket(account, region) });
