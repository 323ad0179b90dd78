import { directionOf, flagIdOf } from "../../lib/sla/cells.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import { hasFunctionUrls } from "../../lib/sla/regions.ts";
import type { Roles } from "../../lib/sla/roles.ts";
import type { FoundStops, StopNeed } from "../../lib/sla/stop-records.ts";
import { newestFirst, stopReference } from "../flag/contract.ts";
import type { Ask } from "./asking.ts";
import type { Names, StopChecks } from "./ports.ts";

/** Of the flags of this site: those that lead instances over whose standby is here now. */
export function stopNeeds(
  { instances }: Pick<Fleet, "instances">,
  roles: ReadonlyMap<string, Roles>,
  region: string,
): readonly StopNeed[] {
  const led = instances.flatMap((instance) => {
    const now = roles.get(instance.id);
    const direction = now && now.leftAt === undefined ? directionOf(now) : undefined;
    if (direction?.standby !== region || !hasFunctionUrls(region)) return [];
    const { zone, names } = instance.dns;
    const asked = [names.database, ...(names.app === undefined ? [] : [names.app])];
    const reference = stopReference(flagIdOf(instance, direction), region);
    return asked.map((name) => ({ reference, zone, name }));
  });
  return [...Map.groupBy(led, ({ reference }) => reference)].map(([reference, names]) => ({
    reference,
    names: names.map(({ zone, name }) => ({ zone, name })),
  }));
}

/** Two lists of Route 53, a page each hundred checks or three hundred records; nothing is asked where nothing is needed. */
export async function stopsFound(
  needs: readonly StopNeed[],
  { names, stopChecks }: { readonly names: Names; readonly stopChecks: StopChecks },
  ask: Ask,
): Promise<FoundStops> {
  if (needs.length === 0) return { checks: { state: "missing" }, records: new Map() };
  const zones = Map.groupBy(
    needs.flatMap((need) => need.names),
    ({ zone }) => zone,
  );
  const checks = ask("Route 53", async () => {
    const all = await stopChecks.all();
    return new Map(needs.map(({ reference }) => [reference, newestFirst(all, reference)]));
  });
  const records = [...zones].map(async ([zone, asked]) => {
    const list = () => names.primaries(zone, [...new Set(asked.map(({ name }) => name))]);
    return [zone, await ask("Route 53", list)] as const;
  });
  return { checks: await checks, records: new Map(await Promise.all(records)) };
}
