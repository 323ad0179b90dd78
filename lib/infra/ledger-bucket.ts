import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { filesBucket } from "../../functions/files/contract.ts";
import { ledgerBucket } from "../../functions/ledger/contract.ts";
import { type GuardedBucket, guardedBucket } from "./guarded-bucket.ts";

/** The ledger of one site; `accesses` says who read and wrote the other buckets of the site as well. */
export const ledger = (scope: Construct, account: string, region: string): GuardedBucket =>
  guardedBucket(scope, "Ledger", {
    ...{ account, bucketName: ledgerBucket(account, region) },
    alsoLogs: [filesBucket(account, region)],
    // Of an upload that broke off nobody sees the parts.
    lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(2) }],
  });
