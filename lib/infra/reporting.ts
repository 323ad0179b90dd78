import { Duration } from "aws-cdk-lib";
import { CfnEmailIdentity } from "aws-cdk-lib/aws-ses";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { keys, ledgerBucket } from "../../functions/ledger/contract.ts";
import { REPORT_FUNCTION } from "../../functions/report/contract.ts";
import type { SlaAlarm } from "./alarms.ts";
import { allow, BundledFunction } from "./bundled-function.ts";
import type { SiteProps } from "./site.ts";
import { waking } from "./waking.ts";

const PASS_HOURS = 6;

/** Publishes the month that is over, once all sites have sealed its days. It stands in control, which is nobody's home. */
export class Reporting extends Construct {
  readonly report: BundledFunction;

  constructor(scope: Construct, id: string, site: SiteProps, ticksLost: IQueue) {
    super(scope, id);
    const { fleet, bundles, environment } = site;
    const { reports } = fleet;
    if (reports) new CfnEmailIdentity(this, "Sender", { emailIdentity: reports.from });
    this.report = new BundledFunction(this, "Report", {
      name: REPORT_FUNCTION,
      bundles,
      description: "Publishes each month's reports, and mails them",
      environment,
      grants: reportGrants(site),
      // A fleet of thousands is settled in minutes, and its mails leave one after the other.
      timeout: Duration.minutes(15),
      memoryMb: 1769,
    });
    waking(this, "Passes", {
      ...{ name: REPORT_FUNCTION, wakes: this.report, ticksLost },
      // After the days were sealed; who finds the month published has nothing to do.
      expression: `cron(40 0/${PASS_HOURS} * * ? *)`,
      retries: { ageSeconds: 3600, attempts: 3 },
    });
  }
}

/** Reads evidence, writes reports, and mails as the one sender. */
function reportGrants({ fleet, region, grants }: SiteProps) {
  const { provider, reports, status } = fleet;
  const ledger = `arn:aws:s3:::${ledgerBucket(provider.account, region)}`;
  return [
    ...grants.evidence,
    // What the whole fleet's JSON was uploaded of, if the rest cannot be.
    allow(["s3:PutObject", "s3:AbortMultipartUpload"], [`${ledger}/reports/*`]),
    ...(status ? [allow(["s3:PutObject"], [`${ledger}/${keys.statusDays()}`])] : []),
    ...(reports
      ? [
          // Whoever is written to may be an identity too, and is then asked for as well; one sender keeps it narrow.
          allow(
            ["ses:SendEmail", "ses:SendRawEmail"],
            [`arn:aws:ses:${region}:${provider.account}:identity/*`],
            { StringEquals: { "ses:FromAddress": reports.from } },
          ),
        ]
      : []),
  ];
}

const A_DAY = { period: Duration.days(1) } as const;

/** On a month's first day a day of UTC may not be over yet: two days are no accident. */
export const reportingAlarms = ({ report }: Reporting): readonly SlaAlarm[] => [
  {
    name: "reports-silent",
    means: "For a day nobody has looked whether the last month's reports are out.",
    metric: report.function.metricInvocations(A_DAY),
    ...{ threshold: 1, when: "less than", minutes: 1, silence: "bad" },
  },
  {
    name: "reports-failing",
    means:
      "For two days no pass could publish the last month's reports and mail all of them, or sum up sealed days for status pages.",
    metric: report.function.metricErrors(A_DAY),
    ...{ threshold: 24 / PASS_HOURS, when: "at least", minutes: 2, silence: "good" },
  },
];
