import { isSameSeat, protectedRoles } from "../../lib/sla/roles.ts";
import { keys } from "../ledger/contract.ts";
import { releaseLock } from "./lock.ts";
import { refuseIfOwedSince } from "./records-owed.ts";
import type { Planned, Pointed, ReprotectBegun, Reprotected } from "./reprotect-case.ts";
import { lockStays, rolesUnlessOvertaken } from "./reprotect-claim.ts";
import { reprotectedNotice } from "./reprotect-notices.ts";
import { endTurn } from "./reprotect-turn.ts";
import { spread } from "./roles.ts";
import type { Failure, Taken } from "./step.ts";
import { instanceOf, type RecordWorld } from "./world.ts";

/** The next epoch, here and in both sites: the site of the new standby owns the instance from then on. */
export async function reprotectRoles(
  world: RecordWorld,
  pointed: Pointed,
): Promise<Taken<Reprotected>> {
  const { before, seat, execution, request, signpost, readAt } = pointed;
  const found = await rolesUnlessOvertaken(world, pointed);
  // Roles of our own are there: whoever owes records since owes them by those.
  if (found.epoch === before.epoch) {
    await lockStays(world, pointed);
    const instance = instanceOf(world, request.instance);
    await refuseIfOwedSince(world, instance, signpost.seenAt ?? readAt);
  }
  const since = world.clock.now().toISOString();
  const proposed = protectedRoles(before, seat, since, execution);
  const isOurs = (found: typeof proposed) =>
    found.standby !== undefined && isSameSeat(found.standby, seat);
  const { settled, owed } = await spread(world, { proposed, isOurs, ...request, execution });
  const debts = owed.length > 0 ? `; debt: ${owed.join(", ")} to be told` : "";
  return {
    next: { ...pointed, roles: settled, owed },
    detail: `epoch ${settled.epoch}: ${seat.database} stands by, owner ${settled.owner}${debts}`,
  };
}

/** The evidence of a reprotect that is done; then the lock is free again. */
export async function reprotectRecord(
  world: RecordWorld,
  done: Reprotected,
): Promise<Taken<Reprotected>> {
  const { request, id, before, readAt } = done;
  const now = world.clock.now().toISOString();
  const degradedSeconds = (Date.parse(readAt) - Date.parse(before.since)) / 1000;
  await world.ledgers(world.region).create(keys.reprotect(request.instance, id, "record"), {
    ...done,
    degradedSeconds,
    recordedAt: now,
  });
  await letGo(world, done);
  await world.messenger.notify(reprotectedNotice(done, now));
  return { next: done, detail: `recorded: nobody stood by for ${degradedSeconds.toFixed(1)} s` };
}

/** Ends without a change and without a mail: whoever changed the roles tells of that. */
export async function reprotectOvertaken(
  world: RecordWorld,
  current: ReprotectBegun | Planned,
  { Cause: because = "" }: Failure = {},
): Promise<Taken<ReprotectBegun>> {
  await letGo(world, current);
  return { next: current, detail: `overtaken: ${because}` };
}

export async function letGo(world: RecordWorld, current: ReprotectBegun | Planned): Promise<void> {
  const { ledgers, region, clock } = world;
  await endTurn(world, current);
  await releaseLock(ledgers(region), current.request.instance, current.execution, clock.now());
}
