import { Duration } from "aws-cdk-lib";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import { RECOVER_FUNCTION, RECOVER_MACHINE } from "../../functions/recover/contract.ts";
import { BundledFunction } from "./bundled-function.ts";
import type { Failover } from "./failover.ts";
import { STEP_SECONDS } from "./failover-definition.ts";
import { machine } from "./machine.ts";
import { recoverDefinition } from "./recover-definition.ts";
import type { SiteProps } from "./site.ts";

/** Brings an instance back from what this region keeps; from the fence on with the functions of the failover. */
export class Recovering extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, site: SiteProps, failover: Failover) {
    super(scope, id);
    const recover = new BundledFunction(this, "Recover", {
      name: RECOVER_FUNCTION,
      onlyAnswers: true,
      bundles: site.bundles,
      description: "Restores a database into service and lets the logins of now in",
      environment: site.environment,
      grants: site.grants.recover,
      timeout: Duration.seconds(STEP_SECONDS.function),
      memoryMb: 512,
    });
    this.machine = machine(this, site, {
      name: RECOVER_MACHINE,
      functions: [...failover.functions, recover],
      definition: recoverDefinition,
    });
  }
}
