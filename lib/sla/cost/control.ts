import { bootedIn } from "../backups/images.ts";
import { stopFlags } from "../cells.ts";
import type { Fleet } from "../fleet.ts";
import { ASSUMED } from "./assumed.ts";
import { type CostLine, costOf, together } from "./line.ts";
import { HOURS } from "./prices.ts";
import { factorOf } from "./region-factor.ts";
import { siteLoad } from "./site-load.ts";

/** What stacks have at most, counted in their templates. */
export const DEPLOYED = {
  site: { alarms: 32, keys: 2, secrets: 1, endpoints: 1 },
  /** More of them there. */
  control: { alarms: 8, secrets: 1 },
  frozen: { alarms: 6, endpoints: 3 },
  /** Where machines are started from images for tests. */
  booting: { alarms: 3 },
  vantage: { alarms: 2, keys: 1 },
} as const;

/**
 * What watching and recovering costs in a month, whatever databases and backups do. It hangs on sites, on shards of 250 instances and on how
 * often they are looked at, not on how much data there is.
 */
export function controlCost(fleet: Fleet): readonly CostLine[] {
  const sites = Object.keys(fleet.sites);
  const others = fleet.vantages.filter((region) => !sites.includes(region));
  return together([
    ...sites.flatMap((region) => [...runningCost(fleet, region), ...standingCost(fleet, region)]),
    ...others.map((region) => ({ what: KEPT, dollars: keptCost(DEPLOYED.vantage, region) })),
    { what: "health checks of flags", dollars: flagsCost(fleet) },
    { what: "mails", dollars: mailsCost(fleet) },
  ]);
}

function runningCost(fleet: Fleet, region: string): readonly CostLine[] {
  const factor = factorOf(region);
  const load = siteLoad(fleet, region);
  const { gbSeconds, scheduled, invocations, writes, reads, ledgerGb } = load;
  const requests = costOf("lambdaRequest", invocations, factor);
  const asked = costOf("s3Write", writes, factor) + costOf("s3Read", reads, factor);
  return [
    { what: "functions", dollars: costOf("lambdaGbSecond", gbSeconds, factor) + requests },
    { what: "schedules", dollars: costOf("scheduled", scheduled, factor) },
    { what: "ledger", dollars: asked + costOf("s3GbMonth", ledgerGb, factor) },
    { what: "logs", dollars: costOf("logGb", (invocations * ASSUMED.logBytes) / 1e9, factor) },
  ];
}

const KEPT = "alarms, keys, secrets";

/** What costs by being there. */
function standingCost(fleet: Fleet, region: string): readonly CostLine[] {
  const { site, control, frozen, booting } = DEPLOYED;
  const boots = fleet.sites[region]?.imageTests !== undefined && bootedIn(fleet).length > 0;
  const isControl = region === fleet.control;
  const isFrozen = region === fleet.frozen?.region;
  const more = [isControl && control, isFrozen && frozen, boots && booting];
  const alarms = more.reduce((sum: number, part) => sum + (part ? part.alarms : 0), site.alarms);
  const secrets = site.secrets + (isControl && fleet.status ? control.secrets : 0);
  const subnets = fleet.sites[region]?.subnets.length ?? 0;
  const endpoints = (site.endpoints + (isFrozen ? frozen.endpoints : 0)) * subnets;
  return [
    { what: KEPT, dollars: keptCost({ alarms, keys: site.keys, secrets }, region) },
    { what: "endpoints", dollars: costOf("endpointHour", HOURS * endpoints, factorOf(region)) },
  ];
}

interface Kept {
  readonly alarms: number;
  readonly keys: number;
  readonly secrets?: number;
}

function keptCost({ alarms, keys, secrets = 0 }: Kept, region: string): number {
  const dollars = costOf("alarm", alarms) + costOf("key", keys) + costOf("secret", secrets);
  return dollars * factorOf(region);
}

/** Route 53 is one for all regions. */
const flagsCost = (fleet: Fleet): number =>
  stopFlags(fleet).length * (costOf("healthCheck", 1) + costOf("healthCheckOption", 1));

const mailsCost = ({ instances }: Fleet): number =>
  costOf("mail", ASSUMED.mails + ASSUMED.mailsOfInstance * instances.length);
