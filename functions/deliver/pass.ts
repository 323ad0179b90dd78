import type { Fleet } from "../../lib/sla/fleet.ts";
import { inLanes } from "../kernel/lanes.ts";
import type { HandOn } from "./ports.ts";

const LANES = 8;

/** Has every instance with a destination looked at, in an invocation of its own: a slow one holds up no other. */
export async function pass(fleet: Fleet, handOn: HandOn): Promise<{ readonly asked: number }> {
  const all = fleet.instances.filter(({ destination }) => destination !== undefined);
  await inLanes(LANES, all, ({ id }) => handOn({ instance: id }));
  return { asked: all.length };
}
