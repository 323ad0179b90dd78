import { Duration } from "aws-cdk-lib";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { ONCALL_FUNCTION } from "../../functions/oncall/contract.ts";
import type { SlaAlarm } from "./alarms.ts";
import { BundledFunction } from "./bundled-function.ts";
import type { SiteProps } from "./site.ts";
import { failing, silent } from "./site-alarms.ts";
import { waking } from "./waking.ts";

/** Not where nobody is on call. */
export const onCallRounds = (
  scope: Construct,
  site: SiteProps,
  ticksLost: Queue,
): OnCallRounds | undefined =>
  site.fleet.provider.onCall && new OnCallRounds(scope, "OnCall", site, ticksLost);

/** Looks every minute whether somebody on call has to be called. */
class OnCallRounds extends Construct {
  readonly rounds: BundledFunction;

  constructor(scope: Construct, id: string, site: SiteProps, ticksLost: Queue) {
    super(scope, id);
    this.rounds = new BundledFunction(this, "Rounds", {
      name: ONCALL_FUNCTION,
      bundles: site.bundles,
      description: "Calls whoever is on call until somebody acknowledges",
      environment: site.environment,
      grants: site.grants.oncall,
      timeout: Duration.seconds(120),
      memoryMb: 256,
    });
    waking(this, "EveryMinute", {
      ...{ name: ONCALL_FUNCTION, wakes: this.rounds, ticksLost },
      expression: "rate(1 minute)",
      // The next round makes up for it.
      retries: { ageSeconds: 60, attempts: 0 },
    });
  }
}

export const onCallAlarms = (made: OnCallRounds | undefined): readonly SlaAlarm[] =>
  made === undefined
    ? []
    : [
        silent(
          "on-call-silent",
          made.rounds,
          "Nobody looks whether somebody on call has to be called.",
        ),
        failing(
          "on-call-failing",
          made.rounds,
          "Rounds that call whoever is on call end with an error.",
        ),
      ];
