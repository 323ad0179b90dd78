import type { Roles } from "../../lib/sla/roles.ts";
import type { Clock } from "../kernel/clock.ts";
import type { RolesReader } from "../ledger/fleet.ts";

/** Plan seconds: a ledger that answers does so in a tenth of it. */
const WAIT_SECONDS = 2;

/**
 * Roles as they are, or as they were last read while whoever holds them does not answer. For heartbeats alone: one that
 * is written by old roles is refused or does no harm, one that is not written counts as data that may be lost.
 * Rejects, as the reader does, only where nothing was ever read.
 */
export function rolesAtHand(reader: RolesReader, clock: Pick<Clock, "wait">): RolesReader {
  let known: ReadonlyMap<string, Roles> | undefined;
  let reading: Promise<ReadonlyMap<string, Roles>> | undefined;

  const read = async () => {
    try {
      known = await reader.all();
      return known;
    } finally {
      reading = undefined;
    }
  };

  return {
    async all() {
      reading ??= read();
      const before = known;
      if (before === undefined) return reading;
      const asBefore = () => before;
      return Promise.race([reading.catch(asBefore), clock.wait(WAIT_SECONDS).then(asBefore)]);
    },
  };
}
