import { PRICES as BACKUPS } from "../backups/prices.ts";

/** US dollars of a unit in us-east-1, list price on demand, without taxes, free tiers and discounts, and the page of AWS to look it up. */
interface Price {
  readonly dollars: number;
  readonly per: string;
  readonly source: string;
}

const AWS = "https://aws.amazon.com";

/** As of this month, those of backups too: change it with the figures. */
export const PRICES_AS_OF = BACKUPS.asOf;

export const PRICES = {
  lambdaGbSecond: {
    dollars: 0.0000133334,
    per: "GB-second, arm64",
    source: `${AWS}/lambda/pricing/`,
  },
  lambdaRequest: { dollars: 0.0000002, per: "request", source: `${AWS}/lambda/pricing/` },
  scheduled: { dollars: 0.000001, per: "invocation", source: `${AWS}/eventbridge/pricing/` },
  s3Write: { dollars: 0.000005, per: "PUT or LIST", source: `${AWS}/s3/pricing/` },
  s3Read: { dollars: 0.0000004, per: "GET", source: `${AWS}/s3/pricing/` },
  s3GbMonth: { dollars: 0.023, per: "GB-month", source: `${AWS}/s3/pricing/` },
  logGb: { dollars: 0.5, per: "GB taken in", source: `${AWS}/cloudwatch/pricing/` },
  alarm: { dollars: 0.1, per: "alarm", source: `${AWS}/cloudwatch/pricing/` },
  canaryRun: { dollars: 0.0012, per: "run", source: `${AWS}/cloudwatch/pricing/` },
  key: { dollars: 1, per: "key", source: `${AWS}/kms/pricing/` },
  secret: { dollars: 0.4, per: "secret", source: `${AWS}/secrets-manager/pricing/` },
  endpointHour: { dollars: 0.01, per: "hour and subnet", source: `${AWS}/privatelink/pricing/` },
  mail: { dollars: 0.00002, per: "mail", source: `${AWS}/sns/pricing/` },
  transition: { dollars: 0.000025, per: "transition", source: `${AWS}/step-functions/pricing/` },
  vcpuHour: { dollars: 0.03238, per: "vCPU-hour, arm64", source: `${AWS}/fargate/pricing/` },
  taskGbHour: { dollars: 0.00356, per: "GB-hour, arm64", source: `${AWS}/fargate/pricing/` },
  healthCheck: { dollars: 0.5, per: "check of an AWS endpoint", source: `${AWS}/route53/pricing/` },
  healthCheckOption: { dollars: 1, per: "HTTPS, text or fast", source: `${AWS}/route53/pricing/` },
  routingClusterHour: {
    ...{ dollars: 2.5, per: "hour of a cluster" },
    source: `${AWS}/application-recovery-controller/pricing/`,
  },
  databaseHour: {
    dollars: 0.065,
    per: "hour of a db.t4g.medium",
    source: `${AWS}/rds/postgresql/pricing/`,
  },
  databaseGbMonth: {
    dollars: 0.115,
    per: "GB-month, gp3",
    source: `${AWS}/rds/postgresql/pricing/`,
  },
  diskSnapshotGbMonth: {
    ...{ dollars: 0.05, per: "GB-month of a snapshot of a disk, standard" },
    source: `${AWS}/ebs/pricing/`,
  },
  machineHour: {
    ...{ dollars: 0.0416, per: "hour of a t3.medium" },
    source: `${AWS}/ec2/pricing/on-demand/`,
  },
  diskGbMonth: { dollars: 0.08, per: "GB-month of a disk, gp3", source: `${AWS}/ebs/pricing/` },
  transferGb: {
    dollars: 0.02,
    per: "GB to another region",
    source: `${AWS}/ec2/pricing/on-demand/`,
  },
} as const satisfies Record<string, Price>;
export type PriceName = keyof typeof PRICES;

/** Of 365 days. */
export const HOURS = 730;
export const MINUTES = HOURS * 60;
