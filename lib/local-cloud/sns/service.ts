import * as client from "@aws-sdk/client-sns";
import type { EventLog } from "../event-log.ts";
import type { PostOffice } from "../mail/post-office.ts";
import type { Pace } from "../pace.ts";
import type { ServiceDefinition } from "../wire/service.ts";
import { EmailLimit } from "./email-limit.ts";
import { publishOperations } from "./publish.ts";
import { subscriptionOperations } from "./subscription-operations.ts";
import { topicOperations } from "./topic-operations.ts";
import { Topics } from "./topics.ts";

export interface SnsOptions {
  readonly log: EventLog;
  readonly post: PostOffice;
  /** Twelve digits. */
  readonly account: string;
  /** Divides the second of the e-mail limit; default: real time. */
  readonly pace?: Pace;
}

export interface Sns {
  readonly definition: ServiceDefinition;
  /** Confirms every pending subscription, as the recipients would by a click. */
  confirmAll(): void;
}

/** SNS: topics per region, e-mail subscriptions with filter policies, e-mails as `.eml` files. */
export function snsService(options: SnsOptions): Sns {
  const { account, log, post, pace } = options;
  const topics = new Topics(account);
  const limit = new EmailLimit(pace?.ms(1) ?? 1000);
  return {
    definition: {
      name: "sns",
      client,
      operations: {
        ...topicOperations(topics, account),
        ...subscriptionOperations(topics, account, post),
        ...publishOperations(topics, { log, post, limit }),
      },
    },

    confirmAll() {
      for (const { subscriptions } of topics.all())
        for (const subscription of subscriptions.values()) subscription.state = "confirmed";
    },
  };
}
