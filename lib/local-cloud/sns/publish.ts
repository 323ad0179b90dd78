import { randomUUID } from "node:crypto";
import type { PublishBatchInput, PublishInput } from "@aws-sdk/client-sns";
import type { EventLog } from "../event-log.ts";
import type { PostOffice } from "../mail/post-office.ts";
import { AwsError, type CallContext } from "../wire/service.ts";
import type { EmailLimit } from "./email-limit.ts";
import { passes } from "./filter-policy.ts";
import { invalid, type Subscription, type Topic, type Topics } from "./topics.ts";

const LARGEST_MESSAGE = 262_144;
const LONGEST_SUBJECT = 100;
const LARGEST_BATCH = 10;

type Message = Pick<PublishInput, "Message" | "Subject" | "MessageStructure" | "MessageAttributes">;

/** What publishing needs besides the topics. */
export interface Means {
  readonly log: EventLog;
  readonly post: PostOffice;
  readonly limit: EmailLimit;
}

export function publishOperations(topics: Topics, means: Means) {
  const publish = (topic: Topic, message: Message, context: CallContext) => {
    const text = textOf(message);
    for (const subscription of topic.subscriptions.values())
      if (wants(subscription, message))
        deliver(subscription, message.Subject, text, context, means);
    return randomUUID();
  };
  return {
    async Publish(input: PublishInput, context: CallContext) {
      if (input.PhoneNumber !== undefined)
        throw new AwsError("NotImplemented", "sns: the local cloud sends no text messages", 501);
      const topic = topics.find(context.region, input.TopicArn ?? input.TargetArn);
      return { MessageId: publish(topic, input, context) };
    },

    async PublishBatch(input: PublishBatchInput, context: CallContext) {
      const topic = topics.find(context.region, input.TopicArn);
      const entries = input.PublishBatchRequestEntries ?? [];
      checkBatch(entries.map(({ Id }) => Id ?? ""));
      const results = entries.map((entry) => {
        try {
          return { Successful: { Id: entry.Id, MessageId: publish(topic, entry, context) } };
        } catch (thrown) {
          if (!(thrown instanceof AwsError)) throw thrown;
          const { code: Code, message: Message } = thrown;
          return { Failed: { Id: entry.Id, Code, Message, SenderFault: true } };
        }
      });
      return {
        Successful: results.flatMap(({ Successful }) => Successful ?? []),
        Failed: results.flatMap(({ Failed }) => Failed ?? []),
      };
    },
  };
}

function checkBatch(ids: readonly string[]): void {
  if (ids.length === 0) throw new AwsError("EmptyBatchRequestException", "The batch is empty.");
  if (ids.length > LARGEST_BATCH)
    throw new AwsError(
      "TooManyEntriesInBatchRequestException",
      `At most ${LARGEST_BATCH} entries.`,
    );
  if (new Set(ids).size < ids.length)
    throw new AwsError("BatchEntryIdsNotDistinctException", "Two entries have the same Id.");
}

const wants = ({ state, filter }: Subscription, { MessageAttributes }: Message) =>
  state === "confirmed" && (!filter || passes(filter, MessageAttributes ?? {}));

/** What an e-mail subscriber reads. Throws InvalidParameterException. */
function textOf({ Message = "", Subject, MessageStructure }: Message): string {
  if (Message === "") throw invalid("Empty message");
  if (Buffer.byteLength(Message) > LARGEST_MESSAGE) throw invalid("Message too long");
  // Line breaks and the like would end up in a mail header.
  if (Subject !== undefined && !/^[\x20-\x7e]+$/.test(Subject)) throw invalid("Subject");
  if ((Subject?.length ?? 0) > LONGEST_SUBJECT) throw invalid("Subject");
  return MessageStructure === "json" ? emailOf(Message) : Message;
}

function emailOf(json: string): string {
  try {
    const { email, default: text } = JSON.parse(json);
    if (typeof text === "string") return typeof email === "string" ? email : text;
  } catch {
    // The same complaint as for JSON without a default.
  }
  throw invalid("Message Structure - No default entry in JSON message body");
}

/** Whose mails those of SNS are. */
export const NOTIFICATIONS = {
  name: "AWS Notifications",
  address: "no-reply@sns.amazonaws.com",
} as const;

function deliver(
  subscription: Subscription,
  subject: string | undefined,
  text: string,
  { region, trace }: CallContext,
  { log, post, limit }: Means,
): void {
  const { endpoint: to, topic, arn } = subscription;
  if (!limit.admits(to, Date.now())) {
    subscription.state = "pending";
    const detail = { endpoint: to, subscription: arn, why: "more than 10 e-mails a second" };
    log.record({
      service: "sns",
      operation: "SubscriptionSuspended",
      region,
      ...(trace !== undefined && { trace }),
      detail,
    });
    return;
  }
  post.send({
    ...{ service: "sns", from: NOTIFICATIONS },
    to,
    subject: subject ?? "AWS Notification Message",
    text: `${text}\n\n--\nYou receive this because ${to} is subscribed to ${topic.arn}\n`,
    region,
    trace,
    event: "EmailDelivered",
  });
}
