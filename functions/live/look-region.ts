import { stopFlags } from "../../lib/sla/cells.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import { type Finding, findingsOf } from "../../lib/sla/live/finding.ts";
import {
  judgeRegion,
  type RegionLook,
  regionsOf,
  sealedIn,
} from "../../lib/sla/live/judge-region.ts";
import { describeRegion } from "../../lib/sla/regions.ts";
import type { NamedCheck } from "../flag/contract.ts";
import { inLanes } from "../kernel/lanes.ts";
import type { Attempt } from "./attempts.ts";
import type { LiveWorld } from "./ports.ts";

const LANES = 8;

/** Of the account, and of every region in which something of the fleet runs. */
export async function regionFindings(
  fleet: Fleet,
  world: LiveWorld,
  attempt: Attempt,
): Promise<readonly Finding[]> {
  const { account, stops } = world;
  const switched = account.switchedOn(fleet.control);
  const regions = await inLanes(LANES, regionsOf(fleet), async (region) => {
    const about = describeRegion(region);
    const isOn = await attempt({ area: "regions", about }, async () =>
      (await switched).get(region),
    );
    // Nothing answers in a region that is off.
    const look = isOn === false ? { region, isOn } : await lookAt(region, fleet, world, attempt);
    return judgeRegion(fleet, look);
  });
  const checks = await attempt({ area: "health checks", about: "Route 53" }, () =>
    Promise.all([account.healthChecks(), stops.checks()]),
  );
  return [...regions.flat(), ...(checks ? checkFindings(fleet, ...checks) : [])];
}

async function lookAt(
  region: string,
  fleet: Fleet,
  { account, mailing, sealed: networks }: LiveWorld,
  attempt: Attempt,
): Promise<RegionLook> {
  const about = describeRegion(region);
  const isSite = region in fleet.sites;
  const network = sealedIn(fleet, region);
  const [bootstrap, quotas, unconfirmed, sealed] = await Promise.all([
    attempt({ area: "bootstrap", about }, () => account.bootstrap(region)),
    isSite ? attempt({ area: "quotas", about }, () => account.quotas(region)) : undefined,
    isSite
      ? attempt({ area: "subscriptions", about }, () => mailing.unconfirmed(region))
      : undefined,
    network && attempt({ area: "sealed networks", about }, () => networks.look(region, network)),
  ]);
  return {
    region,
    ...(bootstrap !== undefined && { bootstrap }),
    ...(quotas && { quotas }),
    ...(unconfirmed && { unconfirmed }),
    ...(sealed && { sealed }),
  };
}

/** Global to the account: one check for each flag of the fleet, and whatever else there is. */
function checkFindings(
  fleet: Fleet,
  { has, uses }: { readonly has: number; readonly uses: number },
  known: readonly NamedCheck[],
): readonly Finding[] {
  const flags = stopFlags(fleet);
  const ours = known.filter(({ reference }) => reference.startsWith("sla-stop-")).length;
  const needs = uses - ours + Math.max(ours, flags.length);
  if (needs <= has) return [];
  return [
    findingsOf({ area: "health checks", about: "Route 53" }).broken({
      of: "number",
      says: `the account may have ${has} health checks, and would have ${needs} with those of ${flags.length} STOP flags`,
      mend: "ask for more: https://console.aws.amazon.com/servicequotas, Route 53, Health checks",
    }),
  ];
}
