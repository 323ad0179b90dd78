import type { Roles } from "../../lib/sla/roles.ts";
import type { Begun } from "./case.ts";
import { isUnreachable } from "./errors.ts";
import { releaseLock, takeLock } from "./lock.ts";
import { REPROTECT_MACHINE } from "./reprotect-contract.ts";
import { type Here, instanceOf, type RecoverWorld } from "./world.ts";

/**
 * A new standby that is being built waits for up to a week for a region that is lost; it is of no use to an instance that has no
 * primary. It ends when it finds the lock taken.
 */
const isBuilding = (holder: string): boolean => holder.includes(`:${REPROTECT_MACHINE}:`);

/**
 * Here and where the instance is owned: a failover takes the lock there. An owner that is lost itself begins none, and the epoch
 * keeps two from both being right.
 */
export async function lockBoth(
  { ledgers, region, clock, executions }: RecoverWorld,
  { request, execution }: Begun,
  { owner }: Pick<Roles, "owner">,
): Promise<void> {
  for (const place of new Set([region, owner])) {
    try {
      const locking = { ledger: ledgers(place), clock, executions };
      await takeLock(locking, request.instance, execution, isBuilding);
    } catch (cause) {
      if (place === region || !isUnreachable(cause)) throw cause;
    }
  }
}

/** The lock of a failover is its own site's, that of a recovery the owner's as well, whichever that was. */
export async function releaseLocks(here: Here, current: Begun): Promise<void> {
  const { ledgers, region, clock } = here;
  const { request, execution } = current;
  for (const place of placesOf(here, current)) {
    try {
      await releaseLock(ledgers(place), request.instance, execution, clock.now());
    } catch (cause) {
      if (place === region || !isUnreachable(cause)) throw cause;
    }
  }
}

function placesOf(here: Here, { request }: Begun): ReadonlySet<string> {
  if (!request.recovery) return new Set([here.region]);
  const { home, standby = home } = instanceOf(here, request.instance);
  return new Set([here.region, here.fleet.control, home, standby]);
}
