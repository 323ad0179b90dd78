/**
 * US dollars in us-east-1, without taxes; other regions cost up to about half more. Change the month with the figures.
 */
export const PRICES = {
  asOf: "2026-11",
  region: "us-east-1",
  /** Backup storage beyond the free allowance: https://aws.amazon.com/rds/postgresql/pricing/ */
  snapshotGbMonth: 0.095,
  /** Glacier Instant Retrieval: https://aws.amazon.com/s3/pricing/ */
  frozenGbMonth: 0.004,
  /** Out of one region into another: https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer */
  transferGb: 0.02,
} as const;
