import { inLanes } from "../kernel/lanes.ts";
import type { BackupAnswer, Outcome } from "../reconcile/contract.ts";
import type { ReplicateRequest } from "./contract.ts";
import type { Copying } from "./ports.ts";

const LANES = 4;

/** Never rejects for one snapshot: each has its outcome. */
export async function replicate(
  { copies, retags }: ReplicateRequest,
  snapshots: Copying,
): Promise<BackupAnswer> {
  const copied = await inLanes(LANES, copies, (order) => outcome(order.id, snapshots.copy(order)));
  const tagged = await inLanes(LANES, retags, (order) => outcome(order.id, snapshots.retag(order)));
  return { outcomes: [...copied, ...tagged] };
}

const outcome = (id: string, work: Promise<Outcome>): Promise<Outcome> =>
  work.catch((cause: Error) => ({ id, answer: "later", said: `${cause.name}: ${cause.message}` }));
