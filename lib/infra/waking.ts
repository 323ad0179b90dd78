import { Stack } from "aws-cdk-lib";
import { PolicyDocument, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { allow, type BundledFunction } from "./bundled-function.ts";
import type { FunctionName } from "./functions.ts";

export interface Waking {
  /** The schedule's as well. */
  readonly name: FunctionName;
  readonly wakes: BundledFunction;
  /** As EventBridge Scheduler writes them, in UTC. */
  readonly expression: string;
  /** How long and how often a tick is repeated that Lambda did not take. */
  readonly retries: { readonly ageSeconds: number; readonly attempts: number };
  /** Where a tick goes that was never taken. */
  readonly ticksLost: IQueue;
}

/** A tick that Lambda did not take is not repeated: the next does what it did not. */
export const NEXT_TICK_DOES: Waking["retries"] = { ageSeconds: 60, attempts: 0 };

/** A schedule that wakes one function with nothing to say. */
export function waking(scope: Construct, id: string, props: Waking): void {
  const { name, wakes, expression, retries, ticksLost } = props;
  new CfnSchedule(scope, id, {
    name,
    scheduleExpression: expression,
    flexibleTimeWindow: { mode: "OFF" },
    target: {
      arn: wakes.function.functionArn,
      roleArn: mayWake(scope, wakes, ticksLost),
      input: "{}",
      retryPolicy: {
        maximumEventAgeInSeconds: retries.ageSeconds,
        maximumRetryAttempts: retries.attempts,
      },
      deadLetterConfig: { arn: ticksLost.queueArn },
    },
  });
}

/**
 * Lets the schedules of a stack wake this function too; answers the ARN of their role. One for all of them, which nobody but
 * the scheduler may take: a role for each would be one resource more for each, of the 500 that a stack may have.
 */
export function mayWake(scope: Construct, wakes: BundledFunction, ticksLost: IQueue): string {
  const stack = Stack.of(scope);
  const known = stack.node.tryFindChild("Schedules") as Schedules | undefined;
  const schedules = known ?? new Schedules(stack, "Schedules");
  schedules.may.addStatements(
    allow(["lambda:InvokeFunction"], [wakes.function.functionArn]),
    allow(["sqs:SendMessage"], [ticksLost.queueArn]),
  );
  return schedules.role.roleArn;
}

class Schedules extends Construct {
  readonly may = new PolicyDocument();
  readonly role: Role;

  constructor(stack: Stack, id: string) {
    super(stack, id);
    this.role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": stack.account } },
      }),
      inlinePolicies: { grants: this.may },
    });
  }
}
