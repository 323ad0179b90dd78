import { RemovalPolicy } from "aws-cdk-lib";
import { PolicyDocument, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import {
  DefinitionBody,
  LogLevel,
  StateMachine,
  StateMachineType,
} from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { allow, type BundledFunction } from "./bundled-function.ts";
import type { SiteProps } from "./site.ts";
import { explainWildcards } from "./wildcards.ts";

interface MachineProps {
  readonly name: string;
  /** All that it invokes. */
  readonly functions: readonly BundledFunction[];
  readonly definition: (functionArn: (name: string) => string) => object;
}

/** A state machine of typed functions in this site, under its deterministic name, with its log. */
export function machine(
  scope: Construct,
  { fleet, region }: SiteProps,
  { name, functions, definition }: MachineProps,
): StateMachine {
  const { account } = fleet.provider;
  const role = new Role(scope, "Role", {
    assumedBy: new ServicePrincipal("states.amazonaws.com", {
      conditions: { StringEquals: { "aws:SourceAccount": account } },
    }),
    inlinePolicies: {
      grants: new PolicyDocument({ statements: [invoking(functions), ...delivering()] }),
    },
  });
  const arnOf = (called: string) => `arn:aws:lambda:${region}:${account}:function:${called}`;
  const made = new StateMachine(scope, "Machine", {
    stateMachineName: name,
    stateMachineType: StateMachineType.STANDARD,
    definitionBody: DefinitionBody.fromString(JSON.stringify(definition(arnOf))),
    role: role.withoutPolicyUpdates(),
    // What steps hand on holds names, places and instants; a task token only wakes, and needs a right for that.
    logs: { destination: log(scope, name), level: LogLevel.ALL, includeExecutionData: true },
    tracingEnabled: true,
  });
  explainWildcards(role, ["*"]);
  made.node.addDependency(...functions);
  return made;
}

const invoking = (functions: readonly BundledFunction[]) =>
  allow(
    ["lambda:InvokeFunction"],
    functions.map((each) => each.function.functionArn),
  );

/** Logs and traces, for which AWS knows no narrower resource: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html */
const delivering = () => [
  allow(
    [
      "logs:CreateLogDelivery",
      "logs:GetLogDelivery",
      "logs:UpdateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:DescribeResourcePolicies",
      "logs:DescribeLogGroups",
    ],
    ["*"],
  ),
  allow(
    [
      "xray:PutTraceSegments",
      "xray:PutTelemetryRecords",
      "xray:GetSamplingRules",
      "xray:GetSamplingTargets",
    ],
    ["*"],
  ),
];

const log = (scope: Construct, name: string) =>
  new LogGroup(scope, "Log", {
    // Under this prefix AWS needs no resource policy that grows with every log group.
    logGroupName: `/aws/vendedlogs/states/${name}`,
    retention: RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
