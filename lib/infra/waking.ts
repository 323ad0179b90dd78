import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { allow, type BundledFunction } from "./bundled-function.ts";
import type { FunctionName } from "./functions.ts";

export interface Waking {
  /** The schedule's as well. */
  readonly name: FunctionName;
  readonly wakes: BundledFunction;
  /** The fleet's. */
  readonly account: string;
  /** As EventBridge Scheduler writes them, in UTC. */
  readonly expression: string;
  /** How long and how often a tick is repeated that Lambda did not take. */
  readonly retries: { readonly ageSeconds: number; readonly attempts: number };
  /** Where a tick goes that was never taken. */
  readonly ticksLost: Queue;
}

/** A tick that Lambda did not take is not repeated: the next does what it did not. */
export const NEXT_TICK_DOES: Waking["retries"] = { ageSeconds: 60, attempts: 0 };

/** A schedule that wakes one function with nothing to say, and a role that may do that alone. */
export function waking(scope: Construct, id: string, props: Waking): void {
  const { name, wakes, account, expression, retries, ticksLost } = props;
  const role = new Role(scope, "Wakes", {
    assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
      conditions: { StringEquals: { "aws:SourceAccount": account } },
    }),
  });
  const arn = wakes.function.functionArn;
  role.addToPolicy(allow(["lambda:InvokeFunction"], [arn]));
  role.addToPolicy(allow(["sqs:SendMessage"], [ticksLost.queueArn]));
  new CfnSchedule(scope, id, {
    name,
    scheduleExpression: expression,
    flexibleTimeWindow: { mode: "OFF" },
    target: {
      arn,
      roleArn: role.roleArn,
      input: "{}",
      retryPolicy: {
        maximumEventAgeInSeconds: retries.ageSeconds,
        maximumRetryAttempts: retries.attempts,
      },
      deadLetterConfig: { arn: ticksLost.queueArn },
    },
  });
}
