import type { SendEmailRequest } from "@aws-sdk/client-sesv2";
import type { SubscribeInput } from "@aws-sdk/client-sns";
import { keyArn, type Place, type Row, type Rows, rowsOf, throughService } from "./row.ts";

const publish: Row = ({ TopicArn, TargetArn }, place) => {
  const resource = String(TopicArn ?? TargetArn ?? "*");
  return [
    { action: "sns:Publish", resource },
    ...throughService("sns", place, place.facts.keyOf(resource), [
      "kms:GenerateDataKey",
      "kms:Decrypt",
    ]),
  ];
};

const onTopic =
  (action: string): Row =>
  ({ TopicArn = "" }) => [{ action: `sns:${action}`, resource: String(TopicArn) }];

export const SNS: Rows = {
  Publish: publish,
  PublishBatch: publish,
  Subscribe: ({ TopicArn = "", Protocol, Endpoint }: SubscribeInput) => [
    {
      action: "sns:Subscribe",
      resource: TopicArn,
      context: { "sns:protocol": Protocol, "sns:endpoint": Endpoint },
    },
  ],
  ListSubscriptionsByTopic: onTopic("ListSubscriptionsByTopic"),
  GetTopicAttributes: onTopic("GetTopicAttributes"),
  SetTopicAttributes: onTopic("SetTopicAttributes"),
  ...rowsOf("sns", ["ListTopics", "ListSubscriptions"]),
};

/** What is no secret is judged by its name alone: a policy for `name-??????` does not cover it, so that AWS refuses. */
const onSecret =
  (action: string): Row =>
  ({ SecretId = "" }, { region, account, facts }) => {
    const id = String(SecretId);
    const named = `arn:aws:secretsmanager:${region}:${account}:secret:${id}`;
    const resource = facts.secretArn(region, id) ?? (id.startsWith("arn:") ? id : named);
    return [{ action: `secretsmanager:${action}`, resource }];
  };

const readSecret: Row = (input, place) => {
  const asked = onSecret("GetSecretValue")(input, place);
  const key = asked[0] && place.facts.keyOf(asked[0].resource);
  return [...asked, ...throughService("secretsmanager", place, key, ["kms:Decrypt"])];
};

export const SECRETS_MANAGER: Rows = {
  GetSecretValue: readSecret,
  DescribeSecret: onSecret("DescribeSecret"),
  PutSecretValue: onSecret("PutSecretValue"),
  UpdateSecret: onSecret("UpdateSecret"),
  DeleteSecret: onSecret("DeleteSecret"),
  ...rowsOf("secretsmanager", ["ListSecrets"]),
};

export const EC2: Rows = {
  ...rowsOf("ec2", ["DescribeRegions", "DescribeSecurityGroups", "DescribeSubnets"]),
  ...Object.fromEntries(
    ["AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress", "DeleteSecurityGroup"].map(
      (name): [string, Row] => [
        name,
        ({ GroupId = "" }, { region, account }) => [
          {
            action: `ec2:${name}`,
            resource: `arn:aws:ec2:${region}:${account}:security-group/${GroupId}`,
          },
        ],
      ],
    ),
  ),
};

export const KMS: Rows = {
  DescribeKey: ({ KeyId = "" }, place) => [
    { action: "kms:DescribeKey", resource: keyArn(place, String(KeyId)) },
  ],
};

export const CLOUDWATCH: Rows = {
  PutMetricData: ({ Namespace }) => [
    {
      action: "cloudwatch:PutMetricData",
      resource: "*",
      context: { "cloudwatch:namespace": String(Namespace) },
    },
  ],
  ...rowsOf("cloudwatch", [
    "GetMetricData",
    "GetMetricStatistics",
    "ListMetrics",
    "DescribeAlarms",
  ]),
};

/** The identity of the sender's domain: what a provider makes known to SES once for all addresses. */
const sendEmail: Row = (input: SendEmailRequest, { region, account }) => {
  const from = /<(.*)>$/.exec(input.FromEmailAddress ?? "")?.[1] ?? input.FromEmailAddress ?? "";
  const { ToAddresses = [], CcAddresses = [], BccAddresses = [] } = input.Destination ?? {};
  const domain = from.slice(from.lastIndexOf("@") + 1);
  return [
    {
      action: "ses:SendEmail",
      resource: `arn:aws:ses:${region}:${account}:identity/${domain}`,
      context: {
        "ses:fromaddress": from,
        "ses:recipients": [...ToAddresses, ...CcAddresses, ...BccAddresses],
      },
    },
  ];
};

export const SES: Rows = { SendEmail: sendEmail };

const onParameters =
  (action: string): Row =>
  ({ Name, Names = [Name] }, { region, account }: Place) =>
    (Names as readonly string[]).map((name) => ({
      action: `ssm:${action}`,
      resource: `arn:aws:ssm:${region}:${account}:parameter/${String(name).replace(/^\//, "")}`,
    }));

export const SSM: Rows = {
  GetParameter: onParameters("GetParameter"),
  GetParameters: onParameters("GetParameters"),
  PutParameter: onParameters("PutParameter"),
};

export const STS: Rows = {
  // Everybody may ask who they are.
  GetCallerIdentity: () => [],
  AssumeRole: ({ RoleArn = "" }) => [{ action: "sts:AssumeRole", resource: String(RoleArn) }],
};

export const BALANCERS: Rows = rowsOf("elasticloadbalancing", [
  "DescribeLoadBalancers",
  "DescribeTags",
]);
