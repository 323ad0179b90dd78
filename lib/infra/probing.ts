import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { PROBE_FUNCTION } from "../../functions/probe/contract.ts";
import type { Fleet } from "../sla/fleet.ts";
import type { SlaAlarm } from "./alarms.ts";
import { BundledFunction } from "./bundled-function.ts";
import type { Bundles } from "./functions.ts";
import { failing, silent } from "./site-alarms.ts";

/** Probes instances from its region. May do nothing but that, so it holds no grant at all. */
export const probing = (scope: Construct, bundles: Bundles) =>
  new BundledFunction(scope, "Probe", {
    name: PROBE_FUNCTION,
    onlyAnswers: true,
    bundles,
    description: "Asks health pages from this region",
    grants: [],
    timeout: Duration.seconds(30),
    memoryMb: 512,
  });

/** Only vantages are asked at every look; the probe of another site waits for failovers. */
export const probeAlarms = (
  probe: BundledFunction,
  fleet: Fleet,
  region: string,
): readonly SlaAlarm[] => [
  failing("probe-failing", probe, "Probes end with an error: this vantage abstains."),
  ...(fleet.vantages.includes(region)
    ? [
        {
          ...silent("probe-silent", probe, "No watch asks this vantage: its vote is missing."),
          minutes: minutesOfThreeLooks(fleet),
        },
      ]
    : []),
];

/** At the instance that is looked at most often. */
function minutesOfThreeLooks({ instances, plans }: Fleet): number {
  const cadences = instances.map(({ plan }) => plans[plan]?.watch.everySeconds ?? A_MINUTE);
  return Math.ceil((3 * Math.max(A_MINUTE, Math.min(...cadences))) / A_MINUTE);
}

/** In seconds: the period that alarms count in. */
const A_MINUTE = 60;
