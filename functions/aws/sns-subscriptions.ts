import { paginateListSubscriptionsByTopic, SNSClient } from "@aws-sdk/client-sns";
import type { Clock } from "../kernel/clock.ts";
import { ALERTS_TOPIC, OPERATORS_TOPIC } from "../notify/contract.ts";
import type { Subscribed } from "../notify/subscriptions.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { answered } from "./cloud-errors.ts";

const PENDING = "PendingConfirmation";

/** Who has which topic of a region by mail. Rejects with `CloudUnreachable` and its siblings, and if a topic is missing. */
export function snsSubscriptions({
  account,
  clock,
  topics = [ALERTS_TOPIC, OPERATORS_TOPIC],
}: {
  readonly account: string;
  readonly clock: Clock;
  /** Names. @default all that mails go through */
  readonly topics?: readonly string[];
}): (region: string) => Promise<readonly Subscribed[]> {
  const clients = perRegion((region) => new SNSClient(clientSettings(clock, { region })));
  const subscribedTo = async (region: string, topic: string) => {
    const TopicArn = `arn:aws:sns:${region}:${account}:${topic}`;
    const pages = paginateListSubscriptionsByTopic({ client: clients(region) }, { TopicArn });
    const all = await answered(`list who hears ${topic} in ${region}`, Array.fromAsync(pages));
    return all
      .flatMap(({ Subscriptions = [] }) => Subscriptions)
      .map(({ Endpoint: address = "", SubscriptionArn }): Subscribed => {
        return { topic, address, isConfirmed: SubscriptionArn !== PENDING };
      });
  };
  return async (region) => {
    return (await Promise.all(topics.map((topic) => subscribedTo(region, topic)))).flat();
  };
}
