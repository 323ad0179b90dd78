import { Duration } from "aws-cdk-lib";
import { Bucket, type CfnBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { FILES_FUNCTION, filesBucket } from "../../functions/files/contract.ts";
import { threeYears } from "../sla/backups/three-years.ts";
import type { Fleet } from "../sla/fleet.ts";
import type { SlaAlarm } from "./alarms.ts";
import { BundledFunction } from "./bundled-function.ts";
import { PRIVATE } from "./ledger-bucket.ts";
import type { SiteProps } from "./site.ts";

/** Replicas of filestores, and which of their versions belong to which backup. */
export class Files extends Construct {
  readonly files: BundledFunction;

  constructor(scope: Construct, id: string, site: SiteProps, accesses: Bucket) {
    super(scope, id);
    bucketOf(this, site, accesses);
    this.files = new BundledFunction(this, "Files", {
      name: FILES_FUNCTION,
      bundles: site.bundles,
      description: "Brings the files here that belong to backups",
      environment: site.environment,
      grants: site.grants.backups.files,
      timeout: Duration.minutes(15),
      // Lists of a million files, of the original and of the replica, at once.
      memoryMb: 2048,
    });
  }
}

export const fileAlarms = ({ files }: Files): readonly SlaAlarm[] => [
  {
    name: "files-failing",
    means: "Files that belong to backups cannot be copied to this region.",
    metric: files.function.metricErrors({ period: Duration.hours(1) }),
    ...{ threshold: 3, when: "at least", minutes: 1, silence: "good" },
  },
];

/** It holds what cannot be had again once an original is gone, so it outlives the stack. */
function bucketOf(scope: Construct, { fleet, region }: SiteProps, accesses: Bucket): void {
  const days = noncurrentDays(fleet);
  const bucket = new Bucket(scope, "Bucket", {
    ...PRIVATE,
    bucketName: filesBucket(fleet.provider.account, region),
    versioned: true,
    lifecycleRules: [
      { abortIncompleteMultipartUploadAfter: Duration.days(7), expiredObjectDeleteMarker: true },
      ...(days === undefined ? [] : [{ noncurrentVersionExpiration: Duration.days(days) }]),
    ],
  });
  (bucket.node.defaultChild as CfnBucket).loggingConfiguration = {
    destinationBucketName: accesses.bucketName,
    logFilePrefix: "files/",
  };
}

/** Beyond what plans hold: for what is kept longer because newer backups stay away. */
const SPARE_DAYS = 92;

/**
 * A version is in no manifest that is younger than its successor: so long it has to stay as the oldest backup of any plan. Undefined
 * where a plan keeps backups for years.
 */
export function noncurrentDays({ instances, plans, provider }: Fleet): number | undefined {
  const sold = instances.flatMap(({ plan }) => plans[plan]?.backups ?? []);
  const longest = sold.map((backups) => threeYears(backups, provider.timezone).longestDays);
  if (longest.includes(undefined)) return undefined;
  return SPARE_DAYS + Math.max(0, ...longest.map((days) => days ?? 0));
}
