import type { Fleet } from "../fleet.ts";
import { type CostLine, costOf } from "./line.ts";
import { HOURS, MINUTES } from "./prices.ts";

/** A usual function that asks one URL. */
const PROBE = { gb: 0.25, seconds: 1 } as const;

/** A way to notice or to switch, and what it lacks that `sla` has. */
export interface Alternative extends CostLine {
  readonly lacks: string;
}

/** What others do for the same fleet would cost in a month, once a minute from as many vantages, at prices of us-east-1. */
export function alternatives({ instances, vantages }: Fleet): readonly Alternative[] {
  const eachMinute = instances.length * vantages.length * MINUTES;
  const perRun =
    costOf("lambdaGbSecond", PROBE.gb * PROBE.seconds) +
    costOf("lambdaRequest", 1) +
    costOf("scheduled", 1);
  const perCheck = costOf("healthCheck", 1) + costOf("healthCheckOption", 3);
  return [
    {
      ...{ what: "a function for each instance and vantage", dollars: eachMinute * perRun },
      lacks: "looks once a minute, decides nothing, recovers nothing",
    },
    {
      ...{ what: "a Route 53 health check each", dollars: instances.length * perCheck },
      lacks: "moves DNS, without fence and without a new primary",
    },
    {
      ...{ what: "a Synthetics canary each", dollars: costOf("canaryRun", eachMinute) },
      lacks: "looks once a minute, recovers nothing",
    },
    {
      ...{ what: "ARC routing control, one cluster", dollars: costOf("routingClusterHour", HOURS) },
      lacks: "only switches: somebody has to notice, fence and promote",
    },
  ];
}
