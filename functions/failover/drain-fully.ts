import type { Instance } from "../../lib/sla/fleet.ts";
import { hasReached } from "../../lib/sla/log-position.ts";
import type { Beat } from "../sql/contract.ts";
import type { Drained, Fenced } from "./case.ts";
import { halt, isSilence } from "./errors.ts";
import { type Sight, watchFor } from "./poll.ts";
import type { Taken } from "./step.ts";
import { ask, sqlTarget } from "./targets.ts";
import type { AssessWorld } from "./world.ts";

/** Plan seconds. Clients wait meanwhile: what has not arrived by then has another cause than its size. */
export const DRAIN = { seconds: 60, floorMs: 5000 };

/** The end of what clients were acknowledged: a row of ours after it, and the position after that row. */
interface End {
  readonly beat: Beat;
  readonly position: string;
}

/**
 * Waits until the standby has replayed all that the primary acknowledged to anybody. Nobody writes any more: the
 * fence is in force, and the position is read after it. Not reached in time: the fence comes off again.
 */
export async function drainFully(
  world: AssessWorld,
  fenced: Fenced,
  instance: Instance,
): Promise<Taken<Fenced>> {
  const { primary, standby } = fenced.before;
  const there = await ask(world, instance, standby);
  if (there.answered && !there.reading.inRecovery) {
    return { next: fenced, detail: "nothing to drain: no standby any more" };
  }
  await replayedEnd(world, instance, fenced);
  // Who was in the middle of a handshake when sessions were ended may have written after that: the end is read once more.
  const { position, replayed } = await replayedEnd(world, instance, fenced);
  const drained: Drained = { position, replayed, at: world.clock.now().toISOString() };
  return {
    next: { ...fenced, drained },
    detail: `drained: ${primary.database} stopped at ${position}, ${standby.database} has replayed ${replayed}`,
  };
}

async function replayedEnd(
  world: AssessWorld,
  instance: Instance,
  fenced: Fenced,
): Promise<Pick<Drained, "position" | "replayed">> {
  const { primary, standby } = fenced.before;
  const end = await watchFor(world.clock, DRAIN, () => endOf(world, instance, fenced));
  if ("missing" in end) {
    return halt("HaltDown", `${primary.database} fell silent behind its fence: ${end.missing}`);
  }
  const { position } = end.seen;
  const replayed = await watchFor(world.clock, DRAIN, () =>
    arrived(world, instance, fenced, end.seen),
  );
  if ("missing" in replayed) {
    return halt(
      "HaltNotDrained",
      `${standby.database} has not replayed ${position}, where ${primary.database} stopped: ${replayed.missing}`,
    );
  }
  return { position, replayed: replayed.seen };
}

async function endOf(
  world: AssessWorld,
  instance: Instance,
  { before: { primary } }: Fenced,
): Promise<Sight<End>> {
  try {
    const state = await world.registry.describe(primary);
    const target = state && sqlTarget(instance, state);
    if (!target) return { missing: `${primary.database} is gone` };
    const request = { operation: "beat", targets: [target] } as const;
    const beat = await world.sql.ask<Beat>(primary.region, request);
    if (!beat.ok) return { missing: `${beat.failure.kind}: ${beat.failure.message}` };
    const said = await ask(world, instance, primary);
    if (!said.answered) return { missing: said.message };
    const { sessions, receivedLsn: position } = said.reading;
    if (sessions > 0) return { missing: `${sessions} sessions of clients are left` };
    return position === undefined
      ? { missing: "it says no position" }
      : { seen: { beat: beat.value, position } };
  } catch (cause) {
    if (!isSilence(cause)) throw cause;
    return { missing: (cause as Error).message };
  }
}

async function arrived(
  world: AssessWorld,
  instance: Instance,
  { before: { standby } }: Fenced,
  { beat, position }: End,
): Promise<Sight<string>> {
  const said = await ask(world, instance, standby);
  if (!said.answered) return { missing: said.message };
  const { replayedLsn, beat: seen } = said.reading;
  if (replayedLsn === undefined || !hasReached(replayedLsn, position)) {
    return { missing: `it is at ${replayedLsn ?? "an unknown position"}` };
  }
  return seen && seen.sequence >= beat.sequence
    ? { seen: replayedLsn }
    : { missing: `its newest heartbeat is of ${seen?.at ?? "never"}` };
}
