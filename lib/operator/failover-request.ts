import type { FailoverRequest } from "../../functions/failover/contract.ts";
import { type Entry, lastSeenOf } from "../../functions/watch/shard-state.ts";
import { incidentIdOf } from "../sla/incident-state.ts";
import type { Roles } from "../sla/roles.ts";
import { acceptanceOf, type Wish } from "./wish.ts";

/** A failover that a person begins: of the open incident if there is one, else of this very moment. */
export function newRequest(
  wish: Wish,
  { epoch }: Pick<Roles, "epoch">,
  entry: Entry | undefined,
  now: Date,
): FailoverRequest {
  const incident = entry?.incident;
  const isBad = incident?.kind === "down" || incident?.kind === "suspected";
  const firstBadAt = isBad ? incident.firstBadAt : now.toISOString();
  const seen = entry?.epoch === epoch ? lastSeenOf(entry) : undefined;
  return {
    instance: wish.instance,
    incident: incident?.kind === "down" ? incident.incident : incidentIdOf(firstBadAt),
    epoch,
    trigger: "person",
    reason: wish.reason,
    firstBadAt,
    ...(incident?.lastGoodAt !== undefined && { lastGoodAt: incident.lastGoodAt }),
    ...(seen && { lastSeen: seen }),
    ...acceptanceOf(wish),
  };
}

/** A halted failover gone on with: what it was about stays, what is accepted is said anew. */
export function continuedRequest(
  wish: Wish,
  id: string,
  { accept: _accept, allowLossSeconds: _loss, planned: _planned, ...halted }: FailoverRequest,
): FailoverRequest {
  return {
    ...halted,
    trigger: "person",
    reason: wish.reason,
    continues: id,
    ...acceptanceOf(wish),
  };
}
