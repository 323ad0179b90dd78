import { CustomResource, Duration } from "aws-cdk-lib";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { ledgerBucket, type RecipientsProperties } from "../../functions/ledger/contract.ts";
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

interface SubscriptionsProps {
  readonly ticks: Queue;
  /** The topics, and the fleet in the ledger. */
  readonly after: readonly Construct[];
}

/**
 * Asks whoever a deployment brings whether they want the mails of a site, and looks twice a day who has not said so. No subscription is a
 * resource of the stack: a fleet has as many as customers, and a stack 500 resources.
 */
export class Subscriptions extends Construct {
  readonly looks: BundledFunction;

  constructor(
    scope: Construct,
    id: string,
    { fleet, region, bundles, environment }: SiteProps,
    { ticks, after }: SubscriptionsProps,
  ) {
    super(scope, id);
    const { account } = fleet.provider;
    const ledger = `arn:aws:s3:::${ledgerBucket(account, region)}`;
    const topics = [ALERTS_TOPIC, OPERATORS_TOPIC].map(
      (topic) => `arn:aws:sns:${region}:${account}:${topic}`,
    );
    this.looks = new BundledFunction(this, "Looks", {
      name: SUBSCRIPTIONS_FUNCTION,
      bundles,
      description: "Subscribes recipients; fails while one has not confirmed",
      environment: { ...environment },
      grants: [
        allow(["sns:ListSubscriptionsByTopic"], topics),
        allow(["sns:Subscribe"], topics.slice(0, 1)),
        allow(["s3:GetObject"], [`${ledger}/fleet/*`]),
        // Without it S3 answers 403 instead of 404 for the fleet of a ledger that was made anew.
        allow(["s3:ListBucket"], [ledger]),
      ],
      timeout: Duration.seconds(60),
      memoryMb: 256,
    });
    waking(this, "Passes", {
      ...{ name: SUBSCRIPTIONS_FUNCTION, wakes: this.looks, ticksLost: ticks },
      expression: `rate(${LOOK_HOURS} hours)`,
      retries: { ageSeconds: 3600, attempts: 3 },
    });
    const properties: RecipientsProperties = { fleetKey: environment.FLEET_KEY };
    const enlisted = new CustomResource(this, "Enlisted", {
      resourceType: "Custom::SlaRecipients",
      serviceToken: this.looks.function.functionArn,
      properties: { ...properties },
    });
    enlisted.node.addDependency(this.looks, ...after);
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
