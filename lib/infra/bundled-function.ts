import { Duration, RemovalPolicy } from "aws-cdk-lib";
import type { ISecurityGroup, ISubnet, IVpc } from "aws-cdk-lib/aws-ec2";
import {
  Effect,
  type ManagedPolicy,
  PolicyDocument,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from "aws-cdk-lib/aws-iam";
import { Architecture, Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Bundles, FunctionName } from "./functions.ts";
import { explainWildcards } from "./wildcards.ts";

export interface BundledFunctionProps {
  readonly name: FunctionName;
  readonly bundles: Bundles;
  readonly description: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What it may do, next to writing its own log. */
  readonly grants: readonly PolicyStatement[];
  /** What its grants have no room for. @default none */
  readonly policies?: readonly ManagedPolicy[];
  /** Where another account lets the function in by the name of its role. @default made up by CloudFormation */
  readonly roleName?: string;
  readonly timeout: Duration;
  readonly memoryMb: number;
  /** Without it the function runs outside a VPC. */
  readonly network?: {
    readonly vpc: IVpc;
    readonly subnets: readonly ISubnet[];
    readonly group: ISecurityGroup;
  };
  /**
   * Concurrent executions that are its own: nothing else of the account takes them, and it takes no more.
   * @default it shares with the account
   */
  readonly reserved?: number;
  /** Whoever invokes it waits for the answer: nothing hands it events, which Lambda would have to be told not to repeat. @default false */
  readonly onlyAnswers?: true;
  /** How often Lambda repeats a failed *asynchronous* invocation. @default never: a stale look is worse */
  readonly asyncRetries?: 0 | 1 | 2;
  /** Where an asynchronous invocation goes that failed for the last time. @default nowhere */
  readonly deadLetters?: Queue;
}

/** One function under its deterministic name, with its own log and a role that holds no managed policy but those it is given. */
export class BundledFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    const { name, network, roleName } = props;
    const logGroup = new LogGroup(this, "Log", {
      logGroupName: `/aws/lambda/${name}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const { deadLetters } = props;
    const grants = [
      // Of what a fleet has none of, nothing is granted: a statement without a resource is none.
      ...props.grants.filter(({ resources }) => resources.length > 0),
      ...(network ? [networkInterfaces()] : []),
      ...(deadLetters ? [allow(["sqs:SendMessage"], [deadLetters.queueArn])] : []),
    ];
    const log = allow(["logs:CreateLogStream", "logs:PutLogEvents"], [logGroup.logGroupArn]);
    const role = new Role(this, "Role", {
      ...(roleName !== undefined && { roleName }),
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      managedPolicies: [...(props.policies ?? [])],
      // In the role itself: a policy of its own would be one resource more for each function, of the 500 that a stack may have.
      inlinePolicies: { grants: new PolicyDocument({ statements: [log, ...grants] }) },
    });
    explainWildcards(
      role,
      grants.flatMap(({ resources }) => resources),
    );

    this.function = new LambdaFunction(this, "Function", {
      functionName: name,
      description: props.description,
      code: Code.fromAsset(props.bundles.directory(name)),
      handler: "index.handler",
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMb,
      timeout: props.timeout,
      ...(props.reserved !== undefined && { reservedConcurrentExecutions: props.reserved }),
      environment: { ...props.environment },
      role: role.withoutPolicyUpdates(),
      logGroup,
      ...(props.onlyAnswers ? {} : events(props)),
      ...(deadLetters && { onFailure: new SqsDestination(deadLetters) }),
      ...(network && {
        vpc: network.vpc,
        vpcSubnets: { subnets: [...network.subnets] },
        securityGroups: [network.group],
      }),
    });
  }
}

/** Lambda repeats after one minute and after two more: a younger age would drop the event before. */
const events = ({ asyncRetries = 0 }: Pick<BundledFunctionProps, "asyncRetries">) => ({
  retryAttempts: asyncRetries,
  maxEventAge: asyncRetries > 0 ? Duration.hours(1) : Duration.minutes(1),
});

export const allow = (
  actions: readonly string[],
  resources: readonly string[],
  conditions?: Record<string, unknown>,
) =>
  new PolicyStatement({
    effect: Effect.ALLOW,
    actions: [...actions],
    resources: [...resources],
    ...(conditions && { conditions }),
  });

/** Takes away what a wider permission of the same role gives. */
export const deny = (
  actions: readonly string[],
  resources: readonly string[],
  conditions?: Record<string, unknown>,
) =>
  new PolicyStatement({
    effect: Effect.DENY,
    actions: [...actions],
    resources: [...resources],
    ...(conditions && { conditions }),
  });

// Lambda itself uses these to put the function into the subnets; EC2 knows no resource for them.
const networkInterfaces = () =>
  allow(
    [
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      "ec2:DescribeSecurityGroups",
      "ec2:DescribeVpcs",
      "ec2:AssignPrivateIpAddresses",
      "ec2:UnassignPrivateIpAddresses",
    ],
    ["*"],
  );
