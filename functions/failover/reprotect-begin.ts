import { nextStandby } from "../../lib/sla/roles.ts";
import type { Shown } from "./case.ts";
import type { ReprotectRequest } from "./reprotect-contract.ts";
import { instanceOf, type RecordWorld } from "./world.ts";

interface Protection {
  /** For the timeline, and for people. */
  readonly detail: string;
  readonly words: string;
}

/**
 * Starts the machine that gets the instance a new standby, where it is owned from now on, else here. The failover
 * is done: it does not fail for that.
 */
export async function beginReprotect(
  world: RecordWorld,
  { request: { instance: id, incident, within }, roles }: Shown,
): Promise<Protection> {
  if (!nextStandby(instanceOf(world, id), roles)) {
    return { detail: "no standby is sold", words: "The fleet names no site for one." };
  }
  const request: ReprotectRequest = {
    instance: id,
    incident,
    epoch: roles.epoch,
    trigger: "failover",
    ...(within !== undefined && { within }),
    reason: `failed over to ${roles.primary.database} in ${roles.primary.region}`,
  };
  let because = "";
  for (const place of new Set([roles.owner, world.region])) {
    try {
      await world.reprotects.start(place, request);
      return { detail: `reprotect begun in ${place}`, words: "Building it has begun." };
    } catch (cause) {
      because = (cause as Error).message;
    }
  }
  return {
    detail: `reprotect could not be started: ${because}`,
    words: `Building it could not be started (${because}): npx sla reprotect ${id} --reason '…'`,
  };
}
