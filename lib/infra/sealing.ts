import { Duration } from "aws-cdk-lib";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { frozenBucket } from "../../functions/freeze/contract.ts";
import { keys, ledgerBucket } from "../../functions/ledger/contract.ts";
import {
  DAYS_FUNCTION,
  daysRole,
  PASSES,
  SEALS_FUNCTION,
  sealsRole,
} from "../../functions/report/contract.ts";
import type { Fleet } from "../sla/fleet.ts";
import { mirrorOf } from "../sla/mirror.ts";
import type { SlaAlarm } from "./alarms.ts";
import { allow, BundledFunction } from "./bundled-function.ts";
import type { SiteProps } from "./site.ts";
import { waking } from "./waking.ts";

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
      timeout: Duration.minutes(PASSES.lastMinutes),
      memoryMb: 1024,
    });
    if (site.fleet.frozen) showing(this, site, site.fleet.frozen);
    waking(this, "Passes", {
      ...{ name: DAYS_FUNCTION, wakes: this.days, ticksLost },
      expression: `cron(${PASSES.minute} 0/${PASSES.hours} * * ? *)`,
      // The next pass does what this one did not.
      retries: { ageSeconds: PASSES.retriedMinutes * 60, attempts: 3 },
    });
  }
}

/** A function of its own: questions must not keep the alarm of a schedule quiet that is silent. */
function showing(scope: Construct, { bundles, environment, region, fleet }: SiteProps, to: Frozen) {
  new BundledFunction(scope, "Seals", {
    ...{ name: SEALS_FUNCTION, roleName: sealsRole(region), bundles, environment },
    onlyAnswers: true,
    description: "Shows what the frozen bucket has of this site's seals",
    grants: [
      allow(
        ["s3:GetObject"],
        [
          `arn:aws:s3:::${ledgerBucket(fleet.provider.account, region)}/fleet/*`,
          frozenOf(to, region),
        ],
      ),
      listFrozen(to, region),
    ],
    timeout: Duration.minutes(1),
    memoryMb: 512,
  });
}

type Frozen = NonNullable<Fleet["frozen"]>;

const frozenOf = ({ account, region: there }: Frozen, region: string) =>
  `arn:aws:s3:::${frozenBucket(account, there)}/seals/${region}/*`;

const listFrozen = ({ account, region: there }: Frozen, region: string) =>
  allow(["s3:ListBucket"], [`arn:aws:s3:::${frozenBucket(account, there)}`], {
    StringLike: { "s3:prefix": `seals/${region}/*` },
  });

/** Reads what its own site recorded, writes what follows from it, and takes nothing back. */
function daysGrants({ fleet, region }: SiteProps) {
  const { account } = fleet.provider;
  const at = (site: string) => `arn:aws:s3:::${ledgerBucket(account, site)}`;
  const own = ["days", "seals", "carried"].map((folder) => `${at(region)}/${folder}/*`);
  const said = ["maintenance", "annotations", "tickets", "left"];
  const done = ["failovers", "restores", "image-tests", "game-days", "backups"];
  const read = [
    ...["fleet", "rounds", ...said, ...done].map((folder) => `${at(region)}/${folder}/*`),
    // That a month is out, and what its documents are; none of them.
    `${at(region)}/${keys.published("*")}`,
  ];
  const mirror = mirrorOf(region, fleet);
  const mirrored = mirror === undefined ? [] : [`${at(mirror)}/mirrors/${region}/*`];
  const { frozen } = fleet;
  const written = [...own, ...mirrored, ...(frozen ? [frozenOf(frozen, region)] : [])];
  return [
    allow(["s3:GetObject"], [...read, ...written]),
    allow(["s3:PutObject"], written),
    // Without it S3 answers 403 instead of 404 for a key that is not there yet.
    allow(["s3:ListBucket"], [at(region), ...(mirror === undefined ? [] : [at(mirror)])]),
    ...(frozen ? [listFrozen(frozen, region)] : []),
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
    ...{ threshold: 24 / PASSES.hours, when: "at least", minutes: 1, silence: "good" },
  },
];
