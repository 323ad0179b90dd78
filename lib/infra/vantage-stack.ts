import { type App, Stack } from "aws-cdk-lib";
import type { Fleet } from "../sla/fleet.ts";
import { Alarms } from "./alarms.ts";
import type { Bundles } from "./functions.ts";
import { probeAlarms, probing } from "./probing.ts";
import { topicKey } from "./topic-key.ts";

/** A region that only looks: no ledger, no schedule, no rights; its alarms tell when it does not. */
export class VantageStack extends Stack {
  constructor(
    app: App,
    props: { readonly fleet: Fleet; readonly region: string; readonly bundles: Bundles },
  ) {
    super(app, `SlaVantage-${props.region}`, {
      description: "hosting-sla: probes from one vantage region",
      env: { account: props.fleet.provider.account, region: props.region },
    });
    const probe = probing(this, props.bundles);
    const operators = { contact: props.fleet.provider.contact, key: topicKey(this) };
    new Alarms(this, "Alarms", operators, probeAlarms(probe, props.fleet, props.region));
  }
}
