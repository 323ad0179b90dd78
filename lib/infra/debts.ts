import { Duration } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { DEBTS_FUNCTION } from "../../functions/failover/contract.ts";
import { allow, BundledFunction } from "./bundled-function.ts";
import type { SiteProps } from "./site.ts";

/** Pays, once a minute, what failovers had to owe because a region or a status refused. */
export class Debts extends Construct {
  readonly payer: BundledFunction;

  constructor(scope: Construct, id: string, site: SiteProps, ticksLost: Queue) {
    super(scope, id);
    this.payer = new BundledFunction(this, "Payer", {
      name: DEBTS_FUNCTION,
      bundles: site.bundles,
      description: "Fences old primaries and tells ledgers that a failover could not reach",
      environment: site.environment,
      grants: site.grants.debts,
      // Quarantine in force, sessions ended, reboot, no sessions: a window of waiting each.
      timeout: Duration.seconds(180),
      memoryMb: 512,
    });
    const target = this.payer.function.functionArn;
    const role = new Role(this, "Wakes", {
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": site.fleet.provider.account } },
      }),
    });
    role.addToPolicy(allow(["lambda:InvokeFunction"], [target]));
    role.addToPolicy(allow(["sqs:SendMessage"], [ticksLost.queueArn]));
    new CfnSchedule(this, "EveryMinute", {
      name: DEBTS_FUNCTION,
      scheduleExpression: "rate(1 minute)",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: target,
        roleArn: role.roleArn,
        // The next round does what this one did not.
        retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 },
        deadLetterConfig: { arn: ticksLost.queueArn },
      },
    });
  }
}
