import type {
  CreateTopicInput,
  DeleteTopicInput,
  GetTopicAttributesInput,
  ListTopicsInput,
  SetTopicAttributesInput,
} from "@aws-sdk/client-sns";
import type { CallContext } from "../wire/service.ts";
import { pageFrom } from "./pages.ts";
import { setTopicAttribute, type Topics } from "./topics.ts";

export function topicOperations(topics: Topics, account: string) {
  return {
    async CreateTopic(input: CreateTopicInput, { region }: CallContext) {
      const topic = topics.create(region, input.Name ?? "");
      for (const [name, value] of Object.entries(input.Attributes ?? {}))
        setTopicAttribute(topic, name, value);
      return { TopicArn: topic.arn };
    },

    async DeleteTopic({ TopicArn }: DeleteTopicInput, { region }: CallContext) {
      topics.remove(region, TopicArn);
    },

    async ListTopics({ NextToken }: ListTopicsInput, { region }: CallContext) {
      const { page, next } = pageFrom(topics.of(region), NextToken);
      return { Topics: page.map(({ arn }) => ({ TopicArn: arn })), NextToken: next };
    },

    async GetTopicAttributes({ TopicArn }: GetTopicAttributesInput, { region }: CallContext) {
      const { arn, attributes, subscriptions } = topics.find(region, TopicArn);
      const pending = [...subscriptions.values()].filter(({ state }) => state === "pending").length;
      return {
        Attributes: {
          DisplayName: "",
          ...Object.fromEntries(attributes),
          TopicArn: arn,
          Owner: account,
          SubscriptionsConfirmed: String(subscriptions.size - pending),
          SubscriptionsPending: String(pending),
          SubscriptionsDeleted: "0",
        },
      };
    },

    async SetTopicAttributes(input: SetTopicAttributesInput, { region }: CallContext) {
      const topic = topics.find(region, input.TopicArn);
      setTopicAttribute(topic, input.AttributeName ?? "", input.AttributeValue ?? "");
    },
  };
}
