import type { Instance } from "../../lib/sla/fleet.ts";
import { byAuthority, type Roles } from "../../lib/sla/roles.ts";
import { keys } from "../ledger/contract.ts";
import { halt, isUnreachable } from "./errors.ts";
import type { Here } from "./world.ts";

/** The roles that hold, of all that ledgers of the instance know which answer. */
export const rolesNow = (here: Here, instance: Instance): Promise<Roles> =>
  highest(here, instance, rolesIn);

/**
 * Likewise, if every ledger of the instance answers; rejects with `CloudUnreachable` if one does not, because
 * it might know of a newer decision.
 */
export const rolesForSure = (here: Here, instance: Instance): Promise<Roles> =>
  highest(here, instance, readRoles);

async function highest(here: Here, instance: Instance, read: typeof readRoles): Promise<Roles> {
  const { home, standby } = instance;
  const regions = new Set([here.region, home, standby ?? home, here.fleet.control]);
  const found = await Promise.all([...regions].map((region) => read(here, region, instance.id)));
  const highest = found.filter((roles) => roles !== undefined).toSorted(byAuthority)[0];
  return (
    highest ??
    halt(
      "HaltEpoch",
      `${instance.id}: no ledger that answers knows its roles; deploy the sites again`,
    )
  );
}

const readRoles = async ({ ledgers }: Here, region: string, instance: string) =>
  (await ledgers(region).read<Roles>(keys.roles(instance)))?.value;

async function rolesIn(here: Here, region: string, instance: string) {
  try {
    return await readRoles(here, region, instance);
  } catch (cause) {
    // The lost region takes no part in its own recovery; without the own ledger there is no recovery.
    if (region === here.region || !isUnreachable(cause)) throw cause;
    return undefined;
  }
}
