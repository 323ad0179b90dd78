import { Duration } from "aws-cdk-lib";
import type { ManagedPolicy, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { DEBTS_FUNCTION, RECORDS_FUNCTION } from "../../functions/failover/contract.ts";
import { BundledFunction } from "./bundled-function.ts";
import type { FunctionName } from "./functions.ts";
import type { SiteProps } from "./site.ts";
import { NEXT_TICK_DOES, waking } from "./waking.ts";

interface Payer {
  readonly name: FunctionName;
  readonly description: string;
  readonly grants: readonly PolicyStatement[];
  readonly policies?: readonly ManagedPolicy[];
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
      policies: site.zonePolicies,
    });
    const common = { expression: "rate(1 minute)", retries: NEXT_TICK_DOES, ticksLost };
    waking(this, "EveryMinute", { ...common, name: DEBTS_FUNCTION, wakes: this.payer });
    waking(this, "RecordsEveryMinute", {
      ...{ ...common, name: RECORDS_FUNCTION, wakes: this.records },
    });
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
}
