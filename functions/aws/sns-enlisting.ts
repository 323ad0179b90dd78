import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import type { Clock } from "../kernel/clock.ts";
import { ALERTS_TOPIC, RECIPIENT_ATTRIBUTE } from "../notify/contract.ts";
import type { Enlisting } from "../notify/enlist.ts";
import { clientSettings } from "./clients.ts";
import { answered } from "./cloud-errors.ts";
import { snsSubscriptions } from "./sns-subscriptions.ts";

interface Place {
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
}

/** Each address hears what is meant for it alone. Rejects with `CloudUnreachable` and its siblings. */
export function snsEnlisting({ account, region, clock }: Place): Enlisting {
  const client = new SNSClient(clientSettings(clock, { region }));
  const TopicArn = `arn:aws:sns:${region}:${account}:${ALERTS_TOPIC}`;
  return {
    // The topic of alarms may still be to come.
    subscribed: () => snsSubscriptions({ account, clock, topics: [ALERTS_TOPIC] })(region),
    async subscribe(address) {
      const FilterPolicy = JSON.stringify({ [RECIPIENT_ATTRIBUTE]: [address] });
      const asked = client.send(
        new SubscribeCommand({
          ...{ TopicArn, Protocol: "email", Endpoint: address },
          Attributes: { FilterPolicy },
        }),
      );
      await answered(`subscribe ${address} to ${ALERTS_TOPIC} in ${region}`, asked);
    },
  };
}
