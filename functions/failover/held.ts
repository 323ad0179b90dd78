import { endOf, holdingWindow } from "../../lib/sla/books/window.ts";
import type { Instance } from "../../lib/sla/fleet.ts";
import type { Roles } from "../../lib/sla/roles.ts";
import { announced } from "../ledger/maintenance.ts";
import type { FailoverRequest } from "./contract.ts";
import { haltUnlessAccepted } from "./errors.ts";
import { isPlanned } from "./planned.ts";
import { ask } from "./targets.ts";
import type { AssessWorld } from "./world.ts";

/**
 * Halts where a window of maintenance holds failovers back while the primary's region answers. Whoever plans one does the work of
 * that window; one that goes on has begun before. What the watch decided before a window is no work of that window: halted, nothing
 * would begin it again.
 */
export async function heldByMaintenance(
  world: AssessWorld,
  instance: Instance,
  request: FailoverRequest,
  { primary }: Roles,
): Promise<string> {
  if (isPlanned(request) || request.continues !== undefined) return "";
  const { ledgers, region, clock } = world;
  const { windows } = await announced([ledgers(region)]);
  const window = holdingWindow(windows, instance.id, decidedMs(request, clock.now().getTime()));
  if (!window) return "";
  const said = await ask(world, instance, primary);
  if (!said.answered && said.kind === "region") return "";
  const { window: id, reason } = window.record;
  return haltUnlessAccepted(
    request,
    "HaltMaintenance",
    `${instance.id}: maintenance ${id} holds failovers back until ${new Date(endOf(window)).toISOString()}, and ${primary.region} answers: ${reason}`,
  );
}

/** By the same instant as the watch that began it. */
const decidedMs = ({ trigger, decidedAt = "" }: FailoverRequest, nowMs: number): number => {
  const atMs = Date.parse(decidedAt);
  return trigger === "watch" && atMs < nowMs ? atMs : nowMs;
};
