import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import type { Clock } from "../kernel/clock.ts";
import { ALERTS_TOPIC, RECIPIENT_ATTRIBUTE } from "../notify/contract.ts";
import type { Alerts } from "../notify/notify.ts";
import { clientSettings } from "./clients.ts";
import { answered } from "./cloud-errors.ts";

interface Home {
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
}

/** The alerts topic of the site it runs in; the subscriptions filter on the recipient. */
export function snsAlerts({ account, region, clock }: Home): Alerts {
  const client = new SNSClient(clientSettings(clock));
  const TopicArn = `arn:aws:sns:${region}:${account}:${ALERTS_TOPIC}`;
  return {
    async publish({ recipient, subject, text }) {
      const message = new PublishCommand({
        TopicArn,
        Subject: subject,
        Message: text,
        MessageAttributes: {
          [RECIPIENT_ATTRIBUTE]: { DataType: "String", StringValue: recipient },
        },
      });
      await answered(`publish to ${ALERTS_TOPIC} for ${recipient}`, client.send(message));
    },
  };
}
