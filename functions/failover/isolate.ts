import type { Instance } from "../../lib/sla/fleet.ts";
import type { Seat } from "../../lib/sla/roles.ts";
import type { Severed, SqlFailure } from "../sql/contract.ts";
import type { FenceOutcome } from "./case.ts";
import { isSilence } from "./errors.ts";
import { admitsOnly, hasOnly } from "./fence-groups.ts";
import { awaited, type Sight, WINDOW_SECONDS, watchFor } from "./poll.ts";
import { ask, sqlTarget } from "./targets.ts";
import type { FenceWorld } from "./world.ts";

/** A primary that is to acknowledge no more writes, and the groups that see to it. */
export interface OldPrimary {
  readonly instance: Instance;
  readonly seat: Seat;
  readonly quarantine: readonly string[];
  /** Something was there before its network was changed. */
  readonly answered: boolean;
}

/** `refused`: RDS does not let us; `debt`: done, but sessions may be left. */
export type Isolation = FenceOutcome | { readonly kind: "refused"; readonly because: string };

export async function isolate(world: FenceWorld, old: OldPrimary): Promise<Isolation> {
  switch (await admitsOnly(world, old.seat, old.quarantine)) {
    case "gone":
      return { kind: "gone" };
    case "wrong-state":
      return { kind: "refused", because: "RDS refuses a change of its network" };
    case "accepted":
      return await emptied(world, old);
  }
}

/** Whether anything is there to be shut out: asked before, because a quarantine may keep us out as well. */
export async function answers(
  world: FenceWorld,
  { instance, seat }: Pick<OldPrimary, "instance" | "seat">,
): Promise<boolean> {
  const said = await ask(world, instance, seat);
  return said.answered || said.kind === "refused" || said.kind === "timed-out";
}

/**
 * First the quarantine is in force, then sessions end: a pool that was cut off before is back at once, on
 * a connection that no group ends any more.
 */
async function emptied(world: FenceWorld, old: OldPrimary): Promise<Isolation> {
  await inForce(world, old);
  const first = await sever(world, old);
  if (first.kind === "severed" && first.left === 0) {
    return { kind: "quarantined", ended: first.ended, rebooted: false };
  }
  if (first.kind === "closed") return { kind: "quarantined", ended: 0, rebooted: false };
  if (first.kind === "silent" && !old.answered) {
    return { kind: "quarantined", ended: 0, rebooted: false, unsevered: true };
  }
  return await rebooted(world, old, first);
}

/** Of an instance; of a cluster, whose writer restarts when another takes its place. */
const RESTARTING: ReadonlySet<string> = new Set(["rebooting", "failing-over"]);

async function rebooted(world: FenceWorld, old: OldPrimary, first: Cut): Promise<Isolation> {
  const reboot = await world.fence.reboot(old.seat);
  if (reboot === "gone") return { kind: "gone" };
  if (reboot === "wrong-state") {
    return { kind: "refused", because: "sessions are left and it cannot be rebooted" };
  }
  const after = await watchFor(world.clock, { seconds: WINDOW_SECONDS }, async () => {
    // Who is shut out hears nothing either way: then only the end of the reboot tells.
    const state = first.kind === "silent" ? await world.registry.describe(old.seat) : undefined;
    return state && RESTARTING.has(state.status)
      ? { missing: `it is still ${state.status}` }
      : noSessions(world, old);
  });
  if ("missing" in after) return { kind: "debt", because: after.missing };
  const ended = first.kind === "severed" ? first.ended : 0;
  return { kind: "quarantined", ended, rebooted: true };
}

const inForce = ({ clock, registry }: FenceWorld, { seat, quarantine }: OldPrimary) =>
  awaited<true>(clock, async () => {
    const state = await registry.describe(seat);
    return !state || hasOnly(state, quarantine)
      ? { seen: true }
      : { missing: `${seat.database}: quarantine is not active yet` };
  });

type Cut =
  | ({ readonly kind: "severed" } & Severed)
  /** Its host says that nobody listens there: nobody can be connected. */
  | { readonly kind: "closed" }
  /** Nothing answers: it may be dead, or hang, or be cut off from us, with its sessions open. */
  | { readonly kind: "silent" }
  | { readonly kind: "unsure"; readonly because: string };

/** RDS has just told the name: who cannot resolve it has asked nobody. */
const UNRESOLVED = /^(ENOTFOUND|EAI_AGAIN)$/;
const HUNG_UP = /^(ECONNRESET|EPIPE|ECONNABORTED)?$/;

/**
 * Ends the sessions of clients, and says whether any are left. A connection that is reset may have been an old one of
 * ours: only the second says that nobody listens.
 */
export async function sever(
  world: FenceWorld,
  { instance, seat }: Pick<OldPrimary, "instance" | "seat">,
): Promise<Cut> {
  const first = await severOnce(world, instance, seat);
  if (first.kind !== "hung-up") return first;
  await world.clock.wait(1);
  const second = await severOnce(world, instance, seat);
  return second.kind === "hung-up" ? { kind: "closed" } : second;
}

async function severOnce(
  world: FenceWorld,
  instance: Instance,
  seat: Seat,
): Promise<Cut | { readonly kind: "hung-up" }> {
  const state = await world.registry.describe(seat);
  const target = state && sqlTarget(instance, state);
  if (!target) return { kind: "silent" };
  try {
    const request = { operation: "sever", targets: [target] } as const;
    const result = await world.sql.ask<Severed>(seat.region, request);
    if (result.ok) return { kind: "severed", ...result.value };
    return cutBy(result.failure);
  } catch (cause) {
    // The API of the region answered a moment ago: then only the function is lost, and a reboot severs.
    if (!isSilence(cause)) throw cause;
    return { kind: "unsure", because: (cause as Error).message };
  }
}

function cutBy({ kind, code = "", message }: SqlFailure): Cut | { readonly kind: "hung-up" } {
  if (kind !== "unreachable" || UNRESOLVED.test(code)) {
    return { kind: "unsure", because: `${kind}: ${message}` };
  }
  if (code === "ECONNREFUSED") return { kind: "closed" };
  return { kind: HUNG_UP.test(code) ? "hung-up" : "silent" };
}

async function noSessions(world: FenceWorld, old: OldPrimary): Promise<Sight<true>> {
  const cut = await sever(world, old);
  if (cut.kind === "unsure") return { missing: `rebooted, but ${cut.because}` };
  return cut.kind === "severed" && cut.left > 0
    ? { missing: `rebooted, but ${cut.left} sessions are left` }
    : { seen: true };
}
