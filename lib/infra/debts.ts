import { Duration } from "aws-cdk-lib";
import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { DEBTS_FUNCTION, RECORDS_FUNCTION } from "../../functions/failover/contract.ts";
import { allow, BundledFunction } from "./bundled-function.ts";
import type { FunctionName } from "./functions.ts";
import type { SiteProps } from "./site.ts";

interface Payer {
  readonly name: FunctionName;
  readonly description: string;
  readonly grants: readonly PolicyStatement[];
}

/** Pays, once a minute, what failovers had to owe because a region, a status or an API refused. */
export class Debts extends Construct {
  /** Of fences and roles. */
  readonly payer: BundledFunction;
  /** Of DNS records, a privilege of its own. */
  readonly records: BundledFunction;

  constructor(scope: Construct, id: string, site: SiteProps, ticksLost: Queue) {
    super(scope, id);
    this.payer = this.#payer("Payer", site, {
      name: DEBTS_FUNCTION,
      description: "Fences old primaries and tells ledgers that a failover could not reach",
      grants: site.grants.debts,
    });
    this.records = this.#payer("Records", site, {
      name: RECORDS_FUNCTION,
      description: "Writes DNS records that a STOP flag stands in for, then lowers the flag",
      grants: site.grants.records,
    });
    const payers = [this.payer, this.records];
    const role = new Role(this, "Wakes", {
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": site.fleet.provider.account } },
      }),
    });
    role.addToPolicy(
      allow(
        ["lambda:InvokeFunction"],
        payers.map((each) => each.function.functionArn),
      ),
    );
    role.addToPolicy(allow(["sqs:SendMessage"], [ticksLost.queueArn]));
    this.#everyMinute("EveryMinute", DEBTS_FUNCTION, this.payer, role, ticksLost);
    this.#everyMinute("RecordsEveryMinute", RECORDS_FUNCTION, this.records, role, ticksLost);
  }

  #payer(id: string, site: SiteProps, payer: Payer): BundledFunction {
    return new BundledFunction(this, id, {
      ...payer,
      bundles: site.bundles,
      environment: site.environment,
      // Quarantine in force, sessions ended, reboot, no sessions: a window of waiting each.
      timeout: Duration.seconds(180),
      memoryMb: 512,
    });
  }

  #everyMinute(id: string, name: string, payer: BundledFunction, role: Role, ticksLost: Queue) {
    new CfnSchedule(this, id, {
      name,
      scheduleExpression: "rate(1 minute)",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: payer.function.functionArn,
        roleArn: role.roleArn,
        // The next round does what this one did not.
        retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 },
        deadLetterConfig: { arn: ticksLost.queueArn },
      },
    });
  }
}
