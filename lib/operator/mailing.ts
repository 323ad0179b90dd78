import { paginateListSubscriptionsByTopic, SNSClient } from "@aws-sdk/client-sns";
import { clientSettings, perRegion } from "../../functions/aws/clients.ts";
import { answered } from "../../functions/aws/cloud-errors.ts";
import type { Clock } from "../../functions/kernel/clock.ts";
import { ALERTS_TOPIC, OPERATORS_TOPIC } from "../../functions/notify/contract.ts";

/** An address that hears nothing until somebody clicks in the mail that SNS sent it. */
export interface Unconfirmed {
  readonly region: string;
  readonly topic: string;
  readonly address: string;
}

export interface Mailing {
  /** Rejects with `CloudUnreachable` and its siblings, and if a topic is missing. */
  unconfirmed(region: string): Promise<readonly Unconfirmed[]>;
}

const PENDING = "PendingConfirmation";

export function snsMailing({ account, clock }: { account: string; clock: Clock }): Mailing {
  const clients = perRegion((region) => new SNSClient(clientSettings(clock, { region })));
  const pendingOf = async (region: string, topic: string) => {
    const TopicArn = `arn:aws:sns:${region}:${account}:${topic}`;
    const pages = paginateListSubscriptionsByTopic({ client: clients(region) }, { TopicArn });
    const all = await answered(`list who hears ${topic} in ${region}`, Array.fromAsync(pages));
    return all
      .flatMap(({ Subscriptions = [] }) => Subscriptions)
      .filter(({ SubscriptionArn }) => SubscriptionArn === PENDING)
      .map(({ Endpoint = "" }): Unconfirmed => ({ region, topic, address: Endpoint }));
  };
  return {
    async unconfirmed(region) {
      const topics = [ALERTS_TOPIC, OPERATORS_TOPIC].map((topic) => pendingOf(region, topic));
      return (await Promise.all(topics)).flat();
    },
  };
}
