import type { Instance } from "../../lib/sla/fleet.ts";
import { keys } from "../ledger/contract.ts";
import type { Debt } from "./debt.ts";
import { newer } from "./debt-copies.ts";
import { isUnreachable, notYet } from "./errors.ts";
import type { Here } from "./world.ts";

/**
 * Waits while records of the instance are owed: who pays them writes both answers to the primary, whatever somebody
 * else has written meanwhile, and a SECONDARY that leads to the primary is a dead end at the next failover.
 */
export async function refuseWhileOwed(here: Here, instance: Instance): Promise<void> {
  const { home, standby } = instance;
  const regions = new Set([here.region, home, standby ?? home, here.fleet.control]);
  const copies = await Promise.all([...regions].map((region) => copyIn(here, region, instance.id)));
  const [first, ...others] = copies.flat();
  const newest = first && others.reduce(newer, first);
  if (newest?.state === "owed") {
    notYet(`${instance.id}: its records are still owed since ${newest.since}`);
  }
}

async function copyIn(here: Here, region: string, instance: string): Promise<readonly Debt[]> {
  try {
    const entry = await here.ledgers(region).read<Debt>(keys.debt(instance, "records"));
    return entry ? [entry.value] : [];
  } catch (cause) {
    if (region === here.region || !isUnreachable(cause)) throw cause;
    return [];
  }
}
