/** Where a server answers otherwise than AWS's documentation says; nothing is listed that does not occur. */
export interface Difference {
  readonly server: "moto" | "local cloud";
  /** Name of the case. */
  readonly in: string;
  readonly answers: unknown;
  /** Who is right, and by what of AWS's documentation. */
  readonly because: string;
}

export const DIFFERENCES: readonly Difference[] = [
  {
    server: "moto",
    in: "what is copied by its ETag is a version of its own; of another one nothing is copied",
    answers: ["copied", true, "copied"],
    because:
      "moto is wrong: it copies whatever x-amz-copy-source-if-match says; S3 API, CopyObject: 412 PreconditionFailed",
  },
  {
    server: "moto",
    in: "a batch with one change that cannot be made changes nothing",
    answers: ["InvalidInput", 0],
    because:
      "moto is wrong in the name: the change is well formed, what it deletes is not there; Route 53 API, ChangeResourceRecordSets: InvalidChangeBatch",
  },
  {
    server: "moto",
    in: "no CNAME stands beside another record of its name",
    answers: "no error",
    because:
      "moto is wrong: Route 53 Developer Guide, CNAME record type: no other record may have its name",
  },
  {
    server: "moto",
    in: "a health check is made once for one caller reference",
    answers: [false, 2],
    because:
      "moto is wrong: Route 53 API, CreateHealthCheck, CallerReference: the same settings answer the check that exists",
  },
  {
    server: "moto",
    in: "RDS and Lambda say what they grant",
    answers: "refused",
    because:
      "moto is not complete: it knows neither DescribeAccountAttributes of RDS nor GetAccountSettings of Lambda",
  },
  {
    server: "moto",
    in: "Route 53 says how many health checks it grants",
    answers: { throws: "Error" },
    because: "moto is not complete: it does not know GetAccountLimit of Route 53",
  },
  {
    server: "moto",
    in: "an address that was subscribed hears nothing until somebody confirms",
    answers: [{ topic: "sla-alerts", address: "ops@provider.example", isConfirmed: true }],
    because:
      "moto is wrong: SNS API, Subscribe: a mail address has to confirm; ListSubscriptionsByTopic says PendingConfirmation until then",
  },
  {
    server: "local cloud",
    in: "a key that is not there is none",
    answers: { state: "Enabled" },
    because:
      "AWS is right, KMS API, DescribeKey: NotFoundException; the local cloud encrypts nothing, and has every key that is named (docs/local-cloud.md)",
  },
  {
    server: "local cloud",
    in: "regions that nobody has to switch on are on, others are listed as well",
    answers: [true, true, false],
    because:
      "AWS is right, EC2 API, DescribeRegions: AllRegions lists those that are off too; in the local cloud none is off, and those that nobody uses are not told apart",
  },
];
