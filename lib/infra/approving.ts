import { Duration } from "aws-cdk-lib";
import { type FunctionUrl, FunctionUrlAuthType } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { APPROVE_FUNCTION } from "../../functions/approval/contract.ts";
import { RESERVED } from "../sla/quotas.ts";
import { BundledFunction } from "./bundled-function.ts";
import type { SiteProps } from "./site.ts";

/** The page on which a person answers a failover that asks. The link in the mail is the key to it. */
export class Approving extends Construct {
  readonly page: FunctionUrl;

  constructor(scope: Construct, id: string, site: SiteProps) {
    super(scope, id);
    const approve = new BundledFunction(this, "Approve", {
      name: APPROVE_FUNCTION,
      onlyAnswers: true,
      bundles: site.bundles,
      description: "Asks a person whether a failover may go on",
      environment: { SLA_ACCOUNT: site.environment.SLA_ACCOUNT },
      grants: site.grants.approve,
      timeout: Duration.seconds(30),
      // A few people press a button; the world may knock too, and gets no more than this.
      reserved: RESERVED.approve.each,
      memoryMb: 256,
    });
    this.page = approve.function.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  }
}
