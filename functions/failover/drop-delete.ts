import { isSameSeat, type Roles, type Seat } from "../../lib/sla/roles.ts";
import { keys } from "../ledger/contract.ts";
import { noReplica, noStandbyOfOurs, rests } from "./drop-rules.ts";
import { halt, notYet } from "./errors.ts";
import { sourceName } from "./follows.ts";
import { watchFor } from "./poll.ts";
import type { DatabaseState, Model } from "./ports.ts";
import type { Dropping, ReprotectBegun } from "./reprotect-case.ts";
import { rolesUnlessOvertaken } from "./reprotect-claim.ts";
import { reprotectName } from "./reprotect-contract.ts";
import type { Taken } from "./step.ts";
import { askDescribed } from "./targets.ts";
import { type DropWorld, instanceOf } from "./world.ts";

/** `reprotects/<instance>/<id>/dropped.json`: what a standby was, before it is deleted. */
export interface DropNote {
  readonly seat: Seat;
  /** Its successor gets the same. */
  readonly model?: Model;
  readonly reason: string;
  readonly found: string;
  /** ISO 8601. */
  readonly at: string;
}

const GONE_WITHIN_SECONDS = 20;
/** Plan seconds in which RDS may go on calling a replica `available` that it is about to promote. */
const SETTLED_AFTER_SECONDS = 60;

/**
 * Deletes a standby that the roles do without. Looks once more right before: nothing that RDS, the server itself or
 * the roles call anything but the replica of this primary is touched.
 */
export async function dropDelete(
  world: DropWorld,
  current: ReprotectBegun,
): Promise<Taken<ReprotectBegun>> {
  const { dropping } = current;
  if (!dropping) return { next: current, detail: "nothing is deleted" };
  const { seat } = dropping;
  const roles = await rolesUnlessOvertaken(world, current);
  if (roles.by !== current.execution) halt("HaltEpoch", `the roles are by ${roles.by}`);
  for (const held of [roles.primary, ...(roles.standby ? [roles.standby] : [])]) {
    if (isSameSeat(held, seat)) halt("HaltNoReplica", `${seat.database} has a seat in the roles`);
  }
  settled(world, roles);
  const state = await world.registry.describe(seat);
  if (state && state.status !== "deleting") await remove(world, current, dropping, state);
  const sight = await watchFor(world.clock, { seconds: GONE_WITHIN_SECONDS }, async () => {
    const found = await world.registry.describe(seat);
    return found ? { missing: `${seat.database} is ${found.status}` } : { seen: true };
  });
  if ("missing" in sight) notYet(sight.missing);
  return { next: current, detail: `${seat.database} in ${seat.region} is deleted` };
}

/** A promotion that was asked for a moment before the roles were written may not show yet. */
function settled({ clock }: DropWorld, { since }: Roles): void {
  const ageMs = clock.now().getTime() - Date.parse(since);
  if (ageMs < clock.paced(SETTLED_AFTER_SECONDS)) notYet("the roles have only just been written");
}

async function remove(
  world: DropWorld,
  current: ReprotectBegun,
  { seat, before, found }: Dropping,
  state: DatabaseState,
): Promise<void> {
  const { request } = current;
  const instance = instanceOf(world, request.instance);
  const standbySays = await askDescribed(world.sql, instance, seat, state);
  const stranger = noReplica({
    standby: state,
    standbySays,
    sourceName: sourceName(world.fleet, before.primary, seat),
  });
  if (stranger !== undefined) halt("HaltNoReplica", `${seat.database}: ${stranger}`);
  const untagged = noStandbyOfOurs({ standby: state });
  if (untagged !== undefined) halt("HaltUntagged", `${seat.database}: ${untagged}`);
  if (!rests(state)) notYet(`${seat.database} is ${state.status}`);
  const model = await world.removals.model(seat);
  const at = world.clock.now().toISOString();
  await note(world, current, { seat, ...(model && { model }), reason: request.reason, found, at });
  if (state.isProtected) {
    // RDS takes a moment for it; then everything is looked at again.
    const answer = await world.removals.unprotect(seat);
    return notYet(`protection of ${seat.database} is to come off: ${answer}`);
  }
  const removed = await world.removals.remove(seat);
  if (removed === "wrong-state") notYet(`${seat.database} cannot be deleted in its status`);
}

/** Here, and where the instance is owned now: a person may go on from there. */
async function note(
  { ledgers, region, fleet }: DropWorld,
  { request }: ReprotectBegun,
  dropped: DropNote,
): Promise<void> {
  const key = keys.reprotect(request.instance, reprotectName(request), "dropped");
  await ledgers(region).create(key, dropped);
  if (fleet.control === region) return;
  // Whoever goes on here finds it; control may be the region that is lost.
  await ledgers(fleet.control)
    .create(key, dropped)
    .catch(() => false);
}
