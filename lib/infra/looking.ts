import { Duration } from "aws-cdk-lib";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { LIVE_FUNCTION, WAKE_HOURS } from "../../functions/live/contract.ts";
import type { SlaAlarm } from "./alarms.ts";
import { BundledFunction } from "./bundled-function.ts";
import type { SiteProps } from "./site.ts";
import { waking } from "./waking.ts";

const LOOK_RETRIES = 2;

/** Looks every day at the account beside the fleet. It stands in control, which is nobody's home. */
export class Looking extends Construct {
  readonly live: BundledFunction;

  constructor(scope: Construct, id: string, site: SiteProps, ticksLost: IQueue) {
    super(scope, id);
    const { bundles, environment, grants } = site;
    this.live = new BundledFunction(this, "Live", {
      name: LIVE_FUNCTION,
      bundles,
      description: "Looks every day whether the account is as the fleet needs it",
      environment,
      grants: grants.live,
      // A thousand endpoints are scanned by sixteen at once.
      timeout: Duration.minutes(15),
      memoryMb: 512,
      asyncRetries: LOOK_RETRIES,
    });
    waking(this, "Looks", {
      ...{ name: LIVE_FUNCTION, wakes: this.live, ticksLost },
      // Before anybody begins to work, and once more, should the first have come to nothing.
      expression: `cron(25 4/${WAKE_HOURS} * * ? *)`,
      retries: { ageSeconds: 3600, attempts: 3 },
    });
  }
}

const A_DAY = { period: Duration.days(1) } as const;

export const lookingAlarms = ({ live }: Looking): readonly SlaAlarm[] => [
  {
    name: "live-silent",
    means: "For a day nobody has looked whether the account is as the fleet needs it.",
    metric: live.function.metricInvocations(A_DAY),
    ...{ threshold: 1, when: "less than", minutes: 1, silence: "bad" },
  },
  {
    name: "live-failing",
    means: "For a day no look at the account has come to its end.",
    metric: live.function.metricErrors(A_DAY),
    ...{
      threshold: (24 / WAKE_HOURS) * (1 + LOOK_RETRIES),
      when: "at least",
      minutes: 1,
      silence: "good",
    },
  },
];
