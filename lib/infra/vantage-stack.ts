import { type App, Stack } from "aws-cdk-lib";
import type { Fleet } from "../sla/fleet.ts";
import type { Bundles } from "./functions.ts";
import { probing } from "./probing.ts";

/** A region that only looks: no ledger, no schedule, no rights. */
export class VantageStack extends Stack {
  constructor(
    app: App,
    props: { readonly fleet: Fleet; readonly region: string; readonly bundles: Bundles },
  ) {
    super(app, `SlaVantage-${props.region}`, {
      description: "hosting-sla: probes from one vantage region",
      env: { account: props.fleet.provider.account, region: props.region },
    });
    probing(this, props.bundles);
  }
}
