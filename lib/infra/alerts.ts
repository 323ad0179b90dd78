import { Duration } from "aws-cdk-lib";
import type { Key } from "aws-cdk-lib/aws-kms";
import type { FunctionUrl } from "aws-cdk-lib/aws-lambda";
import { Topic } from "aws-cdk-lib/aws-sns";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { APPROVE_URL } from "../../functions/approval/contract.ts";
import { ALERTS_TOPIC, NOTIFY_FUNCTION } from "../../functions/notify/contract.ts";
import { allow, BundledFunction } from "./bundled-function.ts";
import { deadLetters } from "./dead-letters.ts";
import type { SiteProps } from "./site.ts";
import { PUBLISHERS_NEED } from "./topic-key.ts";

interface AlertsProps {
  readonly key: Key;
  /** Where people answer what a mail asks; undefined where a region serves no functions at URLs. */
  readonly answers: FunctionUrl | undefined;
}

/** The topic of a site and the function that writes digests; who hears of what is no resource of the stack, or their number were bounded by it. */
export class Alerts extends Construct {
  readonly notify: BundledFunction;
  /** Requests of which some mail never left. */
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, site: SiteProps, { key, answers }: AlertsProps) {
    super(scope, id);
    new Topic(this, "Topic", {
      topicName: ALERTS_TOPIC,
      enforceSSL: true,
      masterKey: key,
    });
    this.deadLetters = deadLetters(this, "DeadLetters", "sla-mails-lost");
    this.notify = new BundledFunction(this, "Notify", {
      name: NOTIFY_FUNCTION,
      bundles: site.bundles,
      description: "Mails one digest per recipient and incident",
      environment: { ...site.environment, ...(answers && { [APPROVE_URL]: answers.url }) },
      grants: [...site.grants.notify, allow(PUBLISHERS_NEED, [key.keyArn])],
      timeout: Duration.minutes(2),
      memoryMb: 256,
      // A mail that is lost is worse than one that comes twice; the ledger keeps most repeats away.
      asyncRetries: 2,
      deadLetters: this.deadLetters,
    });
  }
}
