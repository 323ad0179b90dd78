import type { Fleet } from "../../lib/sla/fleet.ts";
import { FAILOVERS_AT_ONCE, rtoSecondsOf, startNow } from "../../lib/sla/region-incident.ts";
import { type FailoverRequest, LOCK_SECONDS } from "../failover/contract.ts";
import { inLanes } from "../kernel/lanes.ts";
import { keys, prefixes } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Pacer } from "./judge.ts";
import type { ShardState } from "./shard-state.ts";

const LANES = 16;

/** A failover's lock, as far as it says that one is under way. */
interface Lock {
  readonly state: "held" | "free";
  readonly by: string;
  /** ISO 8601; of a lock that is held. */
  readonly until?: string;
}

/** Plan seconds in which a failover that was started takes its lock. */
const TAKES_LOCK_WITHIN_SECONDS = 60;
/**
 * Plan seconds after which a failover counts no longer: it waits for something, and nobody waits for it. So whoever is
 * due starts in the end, whatever becomes of those before.
 */
const COUNTS_FOR_SECONDS = 1200;

interface Desk {
  readonly fleet: Fleet;
  readonly ledger: Ledger;
  readonly now: Date;
  readonly pacer: Pacer;
  readonly atOnce?: number;
}

/**
 * Those of the failovers due that start with this look; the next bad look calls for the others again, so nothing has to
 * be remembered and a watch that dies loses no place. The bound is a soft one: two looks may begin at once.
 */
export async function startable(
  due: readonly FailoverRequest[],
  state: ShardState,
  desk: Desk,
): Promise<readonly FailoverRequest[]> {
  const { atOnce = FAILOVERS_AT_ONCE } = desk;
  const underWay = await underWayIn(state, desk);
  const ordered = due.map((request) => ({
    ...request,
    rtoSeconds: rtoSecondsOf(desk.fleet, request.instance),
  }));
  return startNow(ordered, underWay, atOnce).map(({ rtoSeconds: _, ...request }) => request);
}

const lockOf = (instance: string) => keys.lock(instance);

/** Holders of a lock that are at work, and those just started that have none yet. */
async function underWayIn(state: ShardState, { fleet, ledger, now, pacer }: Desk): Promise<number> {
  const found = await ledger.list(prefixes.locks);
  // One that waits for a person loads nothing, and may wait for as long as its plan lets it.
  const automatic = new Set(
    fleet.instances.flatMap(({ id, failover }) => (failover === "automatic" ? [lockOf(id)] : [])),
  );
  const theirs = found.filter(({ key }) => automatic.has(key));
  const locks = await inLanes(LANES, theirs, ({ key }) => ledger.read<Lock>(key));
  const held = locks.flatMap((lock) => (lock?.value.state === "held" ? [lock.value] : []));
  const working = held.filter(({ until = "" }) => {
    const takenAt = Date.parse(until) - pacer.paced(LOCK_SECONDS);
    return now.getTime() - takenAt < pacer.paced(COUNTS_FOR_SECONDS);
  });
  const holders = new Set(found.map(({ key }) => key));
  const starting = Object.entries(state.instances).filter(([instance, { incident }]) => {
    const startedAt = incident.kind === "down" ? incident.startedAt : undefined;
    return (
      startedAt !== undefined &&
      now.getTime() - Date.parse(startedAt) < pacer.paced(TAKES_LOCK_WITHIN_SECONDS) &&
      !holders.has(lockOf(instance))
    );
  });
  return working.length + starting.length;
}
