import type { Instance } from "../../lib/sla/fleet.ts";
import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import type { Debt } from "./debt.ts";
import { newer } from "./debt-copies.ts";
import { isUnreachable, notYet } from "./errors.ts";
import { POINT_AGAIN } from "./reprotect-contract.ts";
import type { Here } from "./world.ts";

/**
 * Waits while records of the instance are owed: who pays them writes both answers to the primary, whatever somebody
 * else has written meanwhile, and a SECONDARY that leads to the primary is a dead end at the next failover.
 */
export async function refuseWhileOwed(here: Here, instance: Instance): Promise<void> {
  const newest = await recordsDebt(here, instance);
  if (newest?.state === "owed") {
    notYet(`${instance.id}: its records are still owed since ${newest.since}`);
  }
}

/** Rejects with `PointAgain` if they were owed at any time since, paid or not: SECONDARY may lead to the primary by now. */
export async function refuseIfOwedSince(
  here: Here,
  instance: Instance,
  since: string,
): Promise<void> {
  const newest = await recordsDebt(here, instance);
  if (!newest || newest.state === "cancelled") return;
  if (newest.state === "owed" || Date.parse(newest.since) >= Date.parse(since)) {
    const message = `${instance.id}: its records are owed since ${newest.since}, after they were seen at ${since}`;
    throw new SlaError(POINT_AGAIN, "cloud", message);
  }
}

/** The newest that any ledger holds. */
async function recordsDebt(here: Here, instance: Instance): Promise<Debt | undefined> {
  const { home, standby } = instance;
  const regions = new Set([here.region, home, standby ?? home, here.fleet.control]);
  const copies = await Promise.all([...regions].map((region) => copyIn(here, region, instance.id)));
  const [first, ...others] = copies.flat();
  return first && others.reduce(newer, first);
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
