import type { Instance } from "../../lib/sla/fleet.ts";
import type { Roles } from "../../lib/sla/roles.ts";
import { keys } from "../ledger/contract.ts";
import { halt, isUnreachable } from "./errors.ts";
import type { Here } from "./world.ts";

/** The roles with the highest epoch among all ledgers of the instance that answer. */
export async function rolesNow(here: Here, instance: Instance): Promise<Roles> {
  const { home, standby } = instance;
  const regions = new Set([here.region, home, standby ?? home, here.fleet.control]);
  const found = await Promise.all([...regions].map((region) => rolesIn(here, region, instance.id)));
  const highest = found
    .filter((roles) => roles !== undefined)
    .toSorted((a, b) => b.epoch - a.epoch)[0];
  return (
    highest ??
    halt(
      "HaltEpoch",
      `${instance.id}: no ledger that answers knows its roles; deploy the sites again`,
    )
  );
}

async function rolesIn({ ledgers, region: own }: Here, region: string, instance: string) {
  try {
    return (await ledgers(region).read<Roles>(keys.roles(instance)))?.value;
  } catch (cause) {
    // The lost region takes no part in its own recovery; without the own ledger there is no recovery.
    if (region === own || !isUnreachable(cause)) throw cause;
    return undefined;
  }
}
