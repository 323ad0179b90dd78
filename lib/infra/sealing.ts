import { Duration } from "aws-cdk-lib";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { frozenBucket } from "../../functions/freeze/contract.ts";
import { ledgerBucket } from "../../functions/ledger/contract.ts";
import { DAYS_FUNCTION, daysRole, SETTLING_MINUTES } from "../../functions/report/contract.ts";
import { mirrorOf } from "../sla/mirror.ts";
import type { SlaAlarm } from "./alarms.ts";
import { allow, BundledFunction } from "./bundled-function.ts";
import type { SiteProps } from "./site.ts";
import { waking } from "./waking.ts";

const PASS_HOURS = 6;

/** Rolls up and seals the days of a site that are over, soon after midnight of UTC. */
export class Sealing extends Construct {
  readonly days: BundledFunction;

  constructor(scope: Construct, id: string, site: SiteProps, ticksLost: Queue) {
    super(scope, id);
    this.days = new BundledFunction(this, "Days", {
      name: DAYS_FUNCTION,
      roleName: daysRole(site.region),
      bundles: site.bundles,
      description: "Seals what was seen on the days that are over",
      environment: site.environment,
      grants: daysGrants(site),
      // The records of a day of ten thousand instances, and of as many days as a region was gone.
      timeout: Duration.minutes(15),
      memoryMb: 1024,
    });
    waking(this, "Passes", {
      ...{ name: DAYS_FUNCTION, wakes: this.days, ticksLost },
      account: site.fleet.provider.account,
      expression: `cron(${SETTLING_MINUTES + 1} 0/${PASS_HOURS} * * ? *)`,
      // The next pass does what this one did not.
      retries: { ageSeconds: 3600, attempts: 3 },
    });
  }
}

/** Reads what its own site recorded, writes what follows from it, and takes nothing back. */
function daysGrants({ fleet, region }: SiteProps) {
  const { account } = fleet.provider;
  const at = (site: string) => `arn:aws:s3:::${ledgerBucket(account, site)}`;
  const own = ["days", "seals", "carried"].map((folder) => `${at(region)}/${folder}/*`);
  const read = ["fleet", "rounds", "maintenance", "annotations"].map(
    (folder) => `${at(region)}/${folder}/*`,
  );
  const mirror = mirrorOf(region, fleet);
  const mirrored = mirror === undefined ? [] : [`${at(mirror)}/mirrors/${region}/*`];
  const { frozen } = fleet;
  const sealed = frozen
    ? [`arn:aws:s3:::${frozenBucket(frozen.account, frozen.region)}/seals/${region}/*`]
    : [];
  const written = [...own, ...mirrored, ...sealed];
  return [
    allow(["s3:GetObject"], [...read, ...written]),
    allow(["s3:PutObject"], written),
    // Without it S3 answers 403 instead of 404 for a key that is not there yet.
    allow(["s3:ListBucket"], [at(region), ...(mirror === undefined ? [] : [at(mirror)])]),
    ...(frozen
      ? [
          allow(
            ["s3:ListBucket"],
            [`arn:aws:s3:::${frozenBucket(frozen.account, frozen.region)}`],
            {
              StringLike: { "s3:prefix": `seals/${region}/*` },
            },
          ),
        ]
      : []),
  ];
}

const A_DAY = { period: Duration.days(1) } as const;

export const sealingAlarms = ({ days }: Sealing): readonly SlaAlarm[] => [
  {
    name: "days-silent",
    means: "For a day nobody has sealed what was seen: a month cannot be settled without it.",
    metric: days.function.metricInvocations(A_DAY),
    ...{ threshold: 1, when: "less than", minutes: 1, silence: "bad" },
  },
  {
    name: "days-failing",
    means: "For a day no pass has sealed what was seen and carried it to all its places.",
    metric: days.function.metricErrors(A_DAY),
    ...{ threshold: 24 / PASS_HOURS, when: "at least", minutes: 1, silence: "good" },
  },
];
