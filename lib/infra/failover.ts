import { Duration } from "aws-cdk-lib";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import {
  FAILOVER_FUNCTIONS,
  FAILOVER_MACHINE,
  type FailoverFunction,
} from "../../functions/failover/contract.ts";
import { RESERVED } from "../sla/quotas.ts";
import { BundledFunction } from "./bundled-function.ts";
import { failoverDefinition, STEP_SECONDS } from "./failover-definition.ts";
import { machine } from "./machine.ts";
import type { SiteProps } from "./site.ts";

const WHAT: Record<FailoverFunction, string> = {
  assess: "Reads and judges: may this failover go on?",
  ask: "Asks a person whether this failover may go on",
  fence: "Changes the network of the old primary, and nothing else",
  promote: "Promotes the standby and proves it by a committed write",
  flip: "Writes the instance's DNS records and proves the answers",
  record: "Writes roles, locks and evidence into the ledgers",
};

/** Recovers an instance from this site: the machine, and one function per privilege. */
export class Failover extends Construct {
  readonly machine: StateMachine;
  readonly functions: readonly BundledFunction[];

  constructor(scope: Construct, id: string, site: SiteProps) {
    super(scope, id);
    this.functions = (Object.keys(FAILOVER_FUNCTIONS) as FailoverFunction[]).map(
      (by) =>
        new BundledFunction(this, by, {
          name: FAILOVER_FUNCTIONS[by],
          onlyAnswers: true,
          bundles: site.bundles,
          description: WHAT[by],
          environment: site.environment,
          grants: site.grants.failover[by],
          ...(by === "flip" && { policies: site.zonePolicies }),
          timeout: Duration.seconds(STEP_SECONDS.function),
          // Each failover under way has one step at work: probes of a thousand customers must not starve it.
          reserved: RESERVED.failover.each,
          memoryMb: 512,
        }),
    );
    this.machine = machine(this, site, {
      name: FAILOVER_MACHINE,
      functions: this.functions,
      definition: failoverDefinition,
    });
  }
}
