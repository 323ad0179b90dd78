import { removeCustom } from "../kinds/custom.ts";
import { removeRoute } from "../kinds/http-api.ts";
import { policyPlace, WITH_A_SAY } from "../kinds/iam.ts";
import { removeIngress } from "../kinds/network.ts";
import type { Properties } from "../template.ts";
import type { Held } from "./record.ts";
import { type Bench, creationOf } from "./workshop.ts";

export type Remover = (bench: Bench, held: Held) => unknown;

/** One operation of a service, as any client would ask for it. */
const operation =
  (
    service: string,
    name: string,
    input: (ref: string, properties: Properties) => object,
  ): Remover =>
  ({ ask, stack }, { created, properties }) =>
    ask(service, name, stack.region, input(created.ref, properties));

const functionIn = (properties: Properties, property: string): string =>
  String(properties[property]).split(":").at(-1) ?? "";

const custom: Remover = (bench, { logicalId, definition, properties, created }) =>
  removeCustom(creationOf(bench, logicalId, definition, properties), created.ref);

const ingress: Remover = ({ targets, stack }, { properties }) =>
  removeIngress({ targets, region: stack.region }, properties);

const parameter: Remover = ({ targets, stack }, { created }) =>
  targets.parameters.remove(stack, created.ref);

const httpApi: Remover = ({ targets }, { created }) => targets.httpApis.remove(created.ref);

const route: Remover = (bench, { properties }) => removeRoute(bench, properties);

const distribution: Remover = ({ targets }, { created }) =>
  targets.distributions.remove(created.ref);

const functionUrl: Remover = ({ targets, stack }, { properties }) =>
  targets.lambda.hide(stack.region, functionIn(properties, "TargetFunctionArn"));

const policy: Remover = ({ targets, stack }, { logicalId }) => {
  const { account, region, name: stackName } = stack;
  targets.policies.remove(policyPlace({ account, region, stackName, logicalId }));
};

/** What has an effect here and so has to go; all other types are only taken note of, or go with what they belong to. */
const REMOVERS: Readonly<Record<string, Remover>> = {
  "AWS::ApiGatewayV2::Api": httpApi,
  "AWS::ApiGatewayV2::Route": route,
  "AWS::CloudFormation::CustomResource": custom,
  "AWS::CloudFront::Distribution": distribution,
  "AWS::CloudWatch::Alarm": operation("cloudwatch", "DeleteAlarms", (ref) => ({
    AlarmNames: [ref],
  })),
  "AWS::EC2::SecurityGroup": operation("ec2", "DeleteSecurityGroup", (ref) => ({ GroupId: ref })),
  "AWS::EC2::SecurityGroupIngress": ingress,
  "AWS::ECS::Cluster": operation("ecs", "DeleteCluster", (ref) => ({ cluster: ref })),
  "AWS::Lambda::EventInvokeConfig": operation(
    "lambda",
    "DeleteFunctionEventInvokeConfig",
    (_ref, properties) => ({
      FunctionName: functionIn(properties, "FunctionName"),
    }),
  ),
  "AWS::Lambda::Function": operation("lambda", "DeleteFunction", (ref) => ({ FunctionName: ref })),
  "AWS::Lambda::Url": functionUrl,
  ...Object.fromEntries(WITH_A_SAY.map((type) => [type, policy])),
  "AWS::RDS::DBSubnetGroup": operation("rds", "DeleteDBSubnetGroup", (ref) => ({
    DBSubnetGroupName: ref,
  })),
  "AWS::S3::Bucket": operation("s3", "DeleteBucket", (ref) => ({ Bucket: ref })),
  "AWS::SES::EmailIdentity": operation("ses", "DeleteEmailIdentity", (ref) => ({
    EmailIdentity: ref,
  })),
  "AWS::SNS::Subscription": operation("sns", "Unsubscribe", (ref) => ({ SubscriptionArn: ref })),
  "AWS::SNS::Topic": operation("sns", "DeleteTopic", (ref) => ({ TopicArn: ref })),
  "AWS::SSM::Parameter": parameter,
  "AWS::Scheduler::Schedule": operation("scheduler", "DeleteSchedule", (ref, { GroupName }) => ({
    Name: ref,
    ...(GroupName !== undefined && { GroupName }),
  })),
  "AWS::SecretsManager::Secret": operation("secretsmanager", "DeleteSecret", (ref) => ({
    ...{ SecretId: ref, ForceDeleteWithoutRecovery: true },
  })),
  "AWS::StepFunctions::StateMachine": operation("states", "DeleteStateMachine", (ref) => ({
    stateMachineArn: ref,
  })),
};

export const removerOf = (type: string): Remover | undefined =>
  type.startsWith("Custom::") ? custom : REMOVERS[type];
