import { Duration } from "aws-cdk-lib";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import {
  BUILD_FUNCTION,
  DROP_FUNCTION,
  REPROTECT_MACHINE,
} from "../../functions/failover/reprotect-contract.ts";
import { BundledFunction } from "./bundled-function.ts";
import type { Failover } from "./failover.ts";
import { STEP_SECONDS } from "./failover-definition.ts";
import { machine } from "./machine.ts";
import { reprotectDefinition } from "./reprotect-definition.ts";
import type { SiteProps } from "./site.ts";

/** Gets an instance that was failed over a new standby; shares the functions of the failover but for one. */
export class Reprotect extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, site: SiteProps, failover: Failover) {
    super(scope, id);
    const build = new BundledFunction(this, "Build", {
      name: BUILD_FUNCTION,
      onlyAnswers: true,
      bundles: site.bundles,
      description: "Makes replicas that are to stand by, and turns their backups on",
      environment: site.environment,
      grants: site.grants.build,
      timeout: Duration.seconds(STEP_SECONDS.function),
      memoryMb: 512,
    });
    const drop = new BundledFunction(this, "Drop", {
      name: DROP_FUNCTION,
      onlyAnswers: true,
      bundles: site.bundles,
      description:
        "Deletes standbys that were given up because they fill the storage of their primary",
      environment: site.environment,
      grants: site.grants.drop,
      timeout: Duration.seconds(STEP_SECONDS.function),
      memoryMb: 512,
    });
    this.machine = machine(this, site, {
      name: REPROTECT_MACHINE,
      functions: [...failover.functions, build, drop],
      definition: reprotectDefinition,
    });
  }
}
