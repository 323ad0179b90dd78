import { Duration } from "aws-cdk-lib";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { ledgerBucket } from "../../functions/ledger/contract.ts";
import {
  ALERTS_TOPIC,
  OPERATORS_TOPIC,
  SUBSCRIPTIONS_FUNCTION,
} from "../../functions/notify/contract.ts";
import type { SlaAlarm } from "./alarms.ts";
import { allow, BundledFunction } from "./bundled-function.ts";
import type { SiteProps } from "./site.ts";
import { waking } from "./waking.ts";

const LOOK_HOURS = 12;

/** Looks twice a day who has not confirmed that they want the mails of a site. */
export class Subscriptions extends Construct {
  readonly looks: BundledFunction;

  constructor(
    scope: Construct,
    id: string,
    { fleet, region, bundles, environment }: SiteProps,
    ticks: Queue,
  ) {
    super(scope, id);
    const { account } = fleet.provider;
    const topics = [ALERTS_TOPIC, OPERATORS_TOPIC].map(
      (topic) => `arn:aws:sns:${region}:${account}:${topic}`,
    );
    this.looks = new BundledFunction(this, "Looks", {
      name: SUBSCRIPTIONS_FUNCTION,
      bundles,
      description: "Fails while an address has not confirmed its subscription",
      environment: { ...environment },
      grants: [
        allow(["sns:ListSubscriptionsByTopic"], topics),
        allow(["s3:GetObject"], [`arn:aws:s3:::${ledgerBucket(account, region)}/fleet/*`]),
      ],
      timeout: Duration.seconds(60),
      memoryMb: 256,
    });
    waking(this, "Passes", {
      ...{ name: SUBSCRIPTIONS_FUNCTION, wakes: this.looks, ticksLost: ticks },
      expression: `rate(${LOOK_HOURS} hours)`,
      retries: { ageSeconds: 3600, attempts: 3 },
    });
  }
}

export const subscriptionAlarms = ({ looks }: Subscriptions): readonly SlaAlarm[] => [
  {
    name: "subscriptions-unconfirmed",
    means: "An address has not confirmed its subscription: whoever has it is told nothing.",
    metric: looks.function.metricErrors({ period: Duration.hours(LOOK_HOURS) }),
    ...{ threshold: 1, when: "at least", minutes: 1, silence: "good" },
  },
];
