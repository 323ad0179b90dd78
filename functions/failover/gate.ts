import type { Instance } from "../../lib/sla/fleet.ts";
import type { ProofWrite } from "../sql/contract.ts";
import type { Gated, Moving } from "./case.ts";
import { halt } from "./errors.ts";
import { writerOf } from "./members.ts";
import { awaited, type Sight } from "./poll.ts";
import type { DatabaseState } from "./ports.ts";
import type { Taken } from "./step.ts";
import { askDescribed, sqlTarget } from "./targets.ts";
import { instanceOf, type PromoteWorld } from "./world.ts";

/**
 * Five parts, because each alone has been seen to lie: status, no source, no replication, not in
 * recovery, and a committed write that carries the next epoch.
 */
export async function gate(world: PromoteWorld, fenced: Moving): Promise<Taken<Gated>> {
  const instance = instanceOf(world, fenced.request.instance);
  const { endpoint, at, beat } = await awaited(world.clock, () => proof(world, fenced, instance));
  const found = fenced.moved && beat !== undefined ? { beatFound: beat } : {};
  return {
    next: { ...fenced, endpoint, provedAt: at, ...found },
    detail: `proved: ${fenced.before.standby.database} committed a write at ${at}`,
  };
}

interface Proof {
  readonly endpoint: string;
  readonly at: string;
  /** The newest heartbeat that was there before. */
  readonly beat: string | undefined;
}

async function proof(
  world: PromoteWorld,
  fenced: Moving,
  instance: Instance,
): Promise<Sight<Proof>> {
  const seat = fenced.before.standby;
  const state = await world.registry.describe(seat);
  const target = state && sqlTarget(instance, state);
  const missing = state ? (stillMissing(state) ?? stillWriting(state, fenced)) : "does not exist";
  if (!target || missing) return { missing: `${seat.database} ${missing ?? "has no endpoint"}` };

  const said = await askDescribed(world.sql, instance, seat, state);
  if (!said.answered) return { missing: `${seat.database} does not answer: ${said.message}` };
  if (said.reading.inRecovery) return { missing: `${seat.database} is still in recovery` };

  const result = await world.sql.ask<ProofWrite>(seat.region, {
    operation: "prove",
    targets: [target],
    epoch: fenced.before.epoch + 1,
    execution: fenced.execution,
  });
  if (result.ok) {
    const beat = said.reading.beat?.at;
    return { seen: { endpoint: target.host, at: result.value.at, beat } };
  }
  const { kind, message } = result.failure;
  if (kind === "refused") halt("HaltProofRefused", `${seat.database} refuses a write: ${message}`);
  return { missing: `${seat.database}: proof write ${kind}: ${message}` };
}

/** Right after the request the old member still is called the writer, and in a plan it would take the proof. */
function stillWriting(state: DatabaseState, { moved }: Moving): string | undefined {
  if (!moved) return undefined;
  const now = writerOf(state);
  return now === moved.from || now === "nobody" ? `has ${now} as its writer still` : undefined;
}

/** RDS may back a new primary up at once, for hours if it is large: it serves all the same. */
const SERVING: ReadonlySet<string> = new Set(["available", "backing-up", "storage-optimization"]);

/** Right after the request it still reads `available`; only all three together mean promoted. */
function stillMissing({ status, source, replication }: DatabaseState): string | undefined {
  if (!SERVING.has(status)) return `is ${status}`;
  if (source !== undefined) return "still follows its source";
  return replication.length > 0 ? `still says ${replication.join(", ")}` : undefined;
}
