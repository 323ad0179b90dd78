import type {
  ConfirmSubscriptionInput,
  GetSubscriptionAttributesInput,
  ListSubscriptionsByTopicInput,
  ListSubscriptionsInput,
  SetSubscriptionAttributesInput,
  SubscribeInput,
  UnsubscribeInput,
} from "@aws-sdk/client-sns";
import type { PostOffice } from "../mail/post-office.ts";
import { AwsError, type CallContext } from "../wire/service.ts";
import { pageFrom } from "./pages.ts";
import { NOTIFICATIONS } from "./publish.ts";
import {
  checkSubscriptionAttribute,
  invalid,
  type Subscription,
  setSubscriptionAttribute,
  subscribe,
  type Topics,
} from "./topics.ts";

export function subscriptionOperations(topics: Topics, account: string, post: PostOffice) {
  return {
    ...attributeOperations(topics, account),

    async Subscribe(input: SubscribeInput, context: CallContext) {
      checkSubscription(input);
      const topic = topics.find(context.region, input.TopicArn);
      const subscription = subscribe(topic, input.Endpoint ?? "");
      for (const [name, value] of Object.entries(input.Attributes ?? {}))
        setSubscriptionAttribute(subscription, name, value);
      const isPending = subscription.state === "pending";
      if (isPending) askToConfirm(subscription, context, post);
      const isHidden = isPending && !input.ReturnSubscriptionArn;
      return { SubscriptionArn: isHidden ? "pending confirmation" : subscription.arn };
    },

    async ConfirmSubscription(input: ConfirmSubscriptionInput, { region }: CallContext) {
      const topic = topics.find(region, input.TopicArn);
      const found = [...topic.subscriptions.values()].find(({ token }) => token === input.Token);
      if (!found) throw invalid("Token");
      found.state = "confirmed";
      return { SubscriptionArn: found.arn };
    },

    async Unsubscribe({ SubscriptionArn }: UnsubscribeInput, { region }: CallContext) {
      const { topic, arn } = topics.findSubscription(region, SubscriptionArn);
      topic.subscriptions.delete(arn);
    },
  };
}

/** Nothing is made of a subscription that has a mistake. Throws InvalidParameterException. */
function checkSubscription({ Protocol, Endpoint = "", Attributes = {} }: SubscribeInput): void {
  if (Protocol !== "email")
    throw new AwsError(
      "NotImplemented",
      `sns: the local cloud delivers to the protocol 'email', not to '${Protocol}'`,
      501,
    );
  if (!/^[^\s@]+@[^\s@]+$/.test(Endpoint)) throw invalid(`Endpoint '${Endpoint}'`);
  for (const [name, value] of Object.entries(Attributes)) checkSubscriptionAttribute(name, value);
}

function attributeOperations(topics: Topics, account: string) {
  const listed = (all: readonly Subscription[], token: string | undefined) => {
    const { page, next } = pageFrom(all, token);
    const Subscriptions = page.map(({ arn, state, topic, endpoint }) => ({
      SubscriptionArn: state === "confirmed" ? arn : "PendingConfirmation",
      Owner: account,
      Protocol: "email",
      Endpoint: endpoint,
      TopicArn: topic.arn,
    }));
    return { Subscriptions, NextToken: next };
  };
  return {
    async ListSubscriptionsByTopic(input: ListSubscriptionsByTopicInput, context: CallContext) {
      const topic = topics.find(context.region, input.TopicArn);
      return listed([...topic.subscriptions.values()], input.NextToken);
    },

    async ListSubscriptions(input: ListSubscriptionsInput, { region }: CallContext) {
      const all = topics.of(region).flatMap(({ subscriptions }) => [...subscriptions.values()]);
      return listed(all, input.NextToken);
    },

    async GetSubscriptionAttributes(input: GetSubscriptionAttributesInput, context: CallContext) {
      const found = topics.findSubscription(context.region, input.SubscriptionArn);
      return {
        Attributes: {
          ...Object.fromEntries(found.attributes),
          SubscriptionArn: found.arn,
          TopicArn: found.topic.arn,
          Protocol: "email",
          Endpoint: found.endpoint,
          Owner: account,
          PendingConfirmation: String(found.state === "pending"),
        },
      };
    },

    async SetSubscriptionAttributes(input: SetSubscriptionAttributesInput, context: CallContext) {
      const found = topics.findSubscription(context.region, input.SubscriptionArn);
      setSubscriptionAttribute(found, input.AttributeName ?? "", input.AttributeValue ?? "");
    },
  };
}

function askToConfirm(subscription: Subscription, context: CallContext, post: PostOffice): void {
  const { topic, endpoint, token } = subscription;
  const command = `aws sns confirm-subscription --topic-arn ${topic.arn} --token ${token}`;
  post.send({
    ...{ service: "sns", from: NOTIFICATIONS },
    to: endpoint,
    subject: "AWS Notification - Subscription Confirmation",
    text: `You have chosen to subscribe to the topic\n${topic.arn}\n\nTo confirm: ${command}\n`,
    region: context.region,
    trace: context.trace,
    event: "ConfirmationSent",
  });
}
