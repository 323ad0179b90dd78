import type { NamedCheck } from "../../../functions/flag/contract.ts";
import { inLanes } from "../../../functions/kernel/lanes.ts";
import { stopFlags } from "../../sla/cells.ts";
import { databaseArns } from "../../sla/database-arns.ts";
import type { Fleet } from "../../sla/fleet.ts";
import { broken, type Finding } from "../../sla/live/finding.ts";
import { judgeRegion, type RegionLook, regionsOf } from "../../sla/live/judge-region.ts";
import { instanceFindings } from "./look-instance.ts";
import type { Attempt, LiveWorld } from "./world.ts";

/** What could not be looked at, and so is neither good nor bad. */
export interface Unlooked {
  readonly what: string;
  readonly why: string;
}

export interface LiveReport {
  /** ISO 8601. */
  readonly at: string;
  readonly findings: readonly Finding[];
  readonly unlooked: readonly Unlooked[];
}

const LANES = 8;

/** Compares a deployed fleet with what it is written down as. Changes nothing. */
export async function lookLive(
  fleet: Fleet,
  world: LiveWorld,
  progress: (line: string) => void,
): Promise<LiveReport> {
  const unlooked: Unlooked[] = [];
  const attempt: Attempt = async (what, looking) => {
    try {
      return await looking();
    } catch (cause) {
      unlooked.push({ what, why: (cause as Error).message });
      return undefined;
    }
  };
  const at = world.clock.now().toISOString();
  progress(`looking at ${regionsOf(fleet).length} regions`);
  const regions = await regionFindings(fleet, world, attempt);
  progress(`looking at ${fleet.instances.length} instances`);
  const { byTag } = databaseArns(fleet);
  const instances = await inLanes(LANES, fleet.instances, (instance) =>
    instanceFindings({ fleet, world, attempt, byTag }, instance),
  );
  return { at, findings: [...regions, ...instances.flat()], unlooked };
}

async function regionFindings(
  fleet: Fleet,
  { account, mailing, stops }: LiveWorld,
  attempt: Attempt,
): Promise<readonly Finding[]> {
  const on = await attempt("which regions are on", () => account.switchedOn(fleet.control));
  const regions = await inLanes(LANES, regionsOf(fleet), async (region) => {
    const isOn = on?.get(region);
    if (isOn === false) return judgeRegion(fleet, { region, isOn });
    const isSite = region in fleet.sites;
    const [bootstrap, quotas, unconfirmed] = await Promise.all([
      attempt(`bootstrap of ${region}`, () => account.bootstrap(region)),
      isSite ? attempt(`quotas of ${region}`, () => account.quotas(region)) : undefined,
      isSite ? attempt(`subscriptions of ${region}`, () => mailing.unconfirmed(region)) : undefined,
    ]);
    const look: RegionLook = {
      region,
      ...(bootstrap !== undefined && { bootstrap }),
      ...(quotas && { quotas }),
      ...(unconfirmed && { unconfirmed }),
    };
    return judgeRegion(fleet, look);
  });
  const checks = await attempt("health checks", () =>
    Promise.all([account.healthChecks(), stops.checks()]),
  );
  return [...regions.flat(), ...(checks ? checkFindings(fleet, ...checks) : [])];
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
  return needs <= has
    ? []
    : [
        broken(
          "Route 53",
          `the account may have ${has} health checks, and would have ${needs} with those of ${flags.length} STOP flags`,
          "ask for more: https://console.aws.amazon.com/servicequotas, Route 53, Health checks",
        ),
      ];
}
