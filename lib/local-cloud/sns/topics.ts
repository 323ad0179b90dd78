import { randomUUID } from "node:crypto";
import { AwsError } from "../wire/service.ts";
import { type FilterPolicy, parseFilterPolicy } from "./filter-policy.ts";

export interface Topic {
  readonly arn: string;
  readonly name: string;
  readonly attributes: Map<string, string>;
  readonly subscriptions: Map<string, Subscription>;
}

export interface Subscription {
  readonly arn: string;
  readonly topic: Topic;
  /** E-mail address. */
  readonly endpoint: string;
  readonly token: string;
  /** `pending` before the first confirmation, and again when AWS suspends it. */
  state: "pending" | "confirmed";
  readonly attributes: Map<string, string>;
  filter: FilterPolicy | undefined;
}

/** What a topic or a subscription lets be set. */
const TOPIC_ATTRIBUTES = [
  "DisplayName",
  "Policy",
  "DeliveryPolicy",
  "KmsMasterKeyId",
  "TracingConfig",
  "SignatureVersion",
];
const SUBSCRIPTION_ATTRIBUTES = [
  "FilterPolicy",
  "FilterPolicyScope",
  "DeliveryPolicy",
  "RedrivePolicy",
];

/** Topics of all regions, by ARN. */
export class Topics {
  readonly #account: string;
  readonly #topics = new Map<string, Topic>();

  constructor(account: string) {
    this.#account = account;
  }

  /** Creating what exists gives what exists, as on AWS. Throws InvalidParameterException. */
  create(region: string, name: string): Topic {
    if (!/^[\w-]{1,256}$/.test(name)) throw invalid("Topic Name");
    const arn = `arn:aws:sns:${region}:${this.#account}:${name}`;
    const topic = this.#topics.get(arn) ?? {
      arn,
      name,
      attributes: new Map(),
      subscriptions: new Map(),
    };
    this.#topics.set(arn, topic);
    return topic;
  }

  /** A topic is reached in its own region only. Throws NotFoundException or InvalidParameterException. */
  find(region: string, arn: string | undefined): Topic {
    if (arn?.split(":")[3] !== region) throw invalid(`TopicArn '${arn}' in ${region}`);
    const topic = this.#topics.get(arn);
    if (topic) return topic;
    throw new AwsError("NotFoundException", `Topic does not exist: ${arn}`);
  }

  /** Throws NotFoundException. */
  findSubscription(region: string, arn: string | undefined): Subscription {
    const found = this.of(region)
      .map(({ subscriptions }) => subscriptions.get(arn ?? ""))
      .find((subscription) => subscription !== undefined);
    if (found) return found;
    throw new AwsError("NotFoundException", `Subscription does not exist: ${arn}`);
  }

  remove(region: string, arn: string | undefined): void {
    if (arn?.split(":")[3] === region) this.#topics.delete(arn);
  }

  of(region: string): readonly Topic[] {
    return this.all().filter(({ arn }) => arn.split(":")[3] === region);
  }

  all(): readonly Topic[] {
    return [...this.#topics.values()];
  }
}

/** The subscription of an endpoint, made if there is none. */
export function subscribe(topic: Topic, endpoint: string): Subscription {
  const before = [...topic.subscriptions.values()].find((each) => each.endpoint === endpoint);
  if (before) return before;
  const subscription: Subscription = {
    arn: `${topic.arn}:${randomUUID()}`,
    topic,
    endpoint,
    token: randomUUID().replaceAll("-", ""),
    state: "pending",
    attributes: new Map(),
    filter: undefined,
  };
  topic.subscriptions.set(subscription.arn, subscription);
  return subscription;
}

/** Throws InvalidParameterException for an attribute AWS does not know or the local cloud lacks. */
export function setTopicAttribute(topic: Topic, name: string, value: string): void {
  if (!TOPIC_ATTRIBUTES.includes(name)) throw invalid(`AttributeName '${name}'`);
  topic.attributes.set(name, value);
}

/** Throws InvalidParameterException likewise, and for a filter policy that cannot be read. */
export function checkSubscriptionAttribute(name: string, value: string): void {
  if (!SUBSCRIPTION_ATTRIBUTES.includes(name)) throw invalid(`AttributeName '${name}'`);
  if (name === "FilterPolicyScope" && value !== "MessageAttributes")
    throw invalid(`FilterPolicyScope '${value}': the local cloud filters MessageAttributes only`);
  if (name === "FilterPolicy" && value !== "") parseFilterPolicy(value);
}

export function setSubscriptionAttribute(
  subscription: Subscription,
  name: string,
  value: string,
): void {
  checkSubscriptionAttribute(name, value);
  if (name === "FilterPolicy")
    subscription.filter = value === "" ? undefined : parseFilterPolicy(value);
  subscription.attributes.set(name, value);
}

export const invalid = (what: string) =>
  new AwsError("InvalidParameterException", `Invalid parameter: ${what}`);
