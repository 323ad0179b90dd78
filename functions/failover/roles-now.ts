import type { Instance } from "../../lib/sla/fleet.ts";
import { byAuthority, type Roles } from "../../lib/sla/roles.ts";
import { keys } from "../ledger/contract.ts";
import { halt, isUnreachable } from "./errors.ts";
import type { Here } from "./world.ts";

/**
 * The roles that hold, of all that ledgers of the instance know which answer. One that refuses holds nothing up
 * either, unless it is the owner's: there every newer decision would have been written first.
 */
export async function rolesNow(here: Here, instance: Instance): Promise<Roles> {
  const refusals = new Map<string, unknown>();
  const roles = await highest(here, instance, async (_, region, id) => {
    try {
      return await readRoles(here, region, id);
    } catch (cause) {
      // The lost region takes no part in its own recovery; without the own ledger there is no recovery.
      if (region === here.region) throw cause;
      if (!isUnreachable(cause)) refusals.set(region, cause);
      return undefined;
    }
  });
  if (refusals.has(roles.owner)) throw refusals.get(roles.owner);
  return roles;
}

/**
 * Likewise, if every ledger of the instance answers; rejects with `CloudUnreachable` if one does not, because
 * it might know of a newer decision.
 */
export const rolesForSure = (here: Here, instance: Instance): Promise<Roles> =>
  highest(here, instance, readRoles);

/**
 * Likewise, if the ledger of their owner answers. Whoever gives an instance new roles writes them into the ledger
 * of its present owner first, so nobody else has to be asked, and a lost home holds nothing up.
 */
export async function rolesByOwner(here: Here, instance: Instance): Promise<Roles> {
  const roles = await rolesNow(here, instance);
  const atOwner = await readRoles(here, roles.owner, instance.id);
  return atOwner && atOwner.epoch > roles.epoch ? rolesByOwner(here, instance) : roles;
}

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
