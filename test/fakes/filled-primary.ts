import type { ReprotectRequest } from "../../functions/failover/reprotect-contract.ts";
import type { Engine } from "../../lib/sla/engine.ts";
import type { Run } from "./asl-line.ts";
import { STANDBY, World } from "./failover-world.ts";
import { reprotect } from "./reprotect.ts";

export const NEW_STANDBY = "acme-db-standby-sla2";
export const REQUEST: ReprotectRequest = {
  ...{ instance: "acme", incident: "storage-2026-11-21", epoch: 1, trigger: "watch" },
  reason: "5 % of the storage of acme-db are free at most",
  drop: { belowPercent: 10, hour: "2026-11-21T10:00:00.000Z" },
};

/** acme serves, its standby is dead, and the log kept for that leaves 5 % of its storage. */
export function filledWorld(engine?: Engine): World {
  const world = new World(engine && { engine });
  Object.assign(world.primary, { process: "runs", beatAt: undefined });
  world.primary.filled = { data: 40, kept: 55, keptFor: "replica" };
  Object.assign(world.standby, { process: "dead", isProtected: true, subnetGroup: "theirs" });
  return world;
}

/** As the watch, or a person, has it done in the site that owns acme. */
export async function drop(
  world: World,
  changes: Partial<ReprotectRequest> = {},
  name = "rp-acme-e1-drop-1",
): Promise<Run> {
  world.reprotects.begun.push({ region: STANDBY, request: { ...REQUEST, ...changes } });
  return reprotect(world, {}, name);
}

export const byPerson = (drop: ReprotectRequest["drop"] = {}): Partial<ReprotectRequest> => ({
  trigger: "person",
  reason: "its disk is gone",
  drop,
});
