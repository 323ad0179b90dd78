import { Duration } from "aws-cdk-lib";
import { FunctionUrlAuthType } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { FLAG_FUNCTION } from "../../functions/flag/contract.ts";
import { RESERVED } from "../sla/quotas.ts";
import { BundledFunction } from "./bundled-function.ts";
import type { SiteProps } from "./site.ts";

/** What the health checkers of Route 53 ask: they cannot sign, so the path itself is the secret. */
export class Flagging extends Construct {
  readonly flag: BundledFunction;

  constructor(scope: Construct, id: string, site: SiteProps) {
    super(scope, id);
    this.flag = new BundledFunction(this, "Flag", {
      name: FLAG_FUNCTION,
      onlyAnswers: true,
      bundles: site.bundles,
      description: "Answers 200 while a STOP flag is raised",
      environment: { SLA_ACCOUNT: site.environment.SLA_ACCOUNT },
      grants: site.grants.flag,
      timeout: Duration.seconds(5),
      // Some sixteen checkers ask for each flag every ten seconds; the world may ask too, and gets no more than this.
      reserved: RESERVED.flag.each,
      memoryMb: 256,
    });
    this.flag.function.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  }
}
