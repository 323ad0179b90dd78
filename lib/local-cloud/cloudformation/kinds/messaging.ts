import { type Creation, type Creator, nameOf, objects, required } from "../creation.ts";
import { AssemblyRefused } from "../refusal.ts";
import { isObject, type Properties } from "../template.ts";
import { putAbout } from "./iam.ts";

const topic: Creator = async (creation) => {
  const { properties, region, targets } = creation;
  const name = nameOf(creation, "TopicName");
  const arn = await targets.sns.createTopic(region, name);
  putAbout(creation, arn, properties["KmsMasterKeyId"]);
  for (const given of objects(properties["Subscription"])) await subscribe(creation, arn, given);
  return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
};

const subscription: Creator = async (creation) => {
  const arn = required(creation, "TopicArn");
  return { ref: await subscribe(creation, arn, creation.properties) };
};

async function subscribe({ region, targets }: Creation, topicArn: string, given: Properties) {
  const { FilterPolicy: filterPolicy, FilterPolicyScope: scope = "MessageAttributes" } = given;
  if (scope !== "MessageAttributes") {
    throw new AssemblyRefused(
      `FilterPolicyScope ${scope} is not supported, only MessageAttributes`,
    );
  }
  return targets.sns.subscribe(region, topicArn, {
    protocol: String(given["Protocol"]),
    endpoint: String(given["Endpoint"]),
    ...(isObject(filterPolicy) && { filterPolicy }),
  });
}

const alarm: Creator = async (creation) => {
  const { properties, region, account, targets } = creation;
  const name = nameOf(creation, "AlarmName");
  await targets.alarms.put(region, { ...properties, AlarmName: name });
  return {
    ref: name,
    attributes: { Arn: `arn:aws:cloudwatch:${region}:${account}:alarm:${name}` },
  };
};

const sender: Creator = async (creation) => {
  const identity = required(creation, "EmailIdentity");
  if (creation.before?.created.ref !== identity) {
    await creation.targets.senders.put(creation.region, identity);
  }
  return { ref: identity };
};

export const MESSAGING = {
  "AWS::SES::EmailIdentity": sender,
  "AWS::SNS::Topic": topic,
  "AWS::SNS::Subscription": subscription,
  "AWS::CloudWatch::Alarm": alarm,
} satisfies Record<string, Creator>;
