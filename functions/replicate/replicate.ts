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
  const copied = await copyEach(copies, snapshots);
  const tagged = await inLanes(LANES, retags, (order) => outcome(order.id, snapshots.retag(order)));
  return { outcomes: [...copied, ...tagged] };
}

/** Never rejects for one either. */
export const copyEach = (
  copies: ReplicateRequest["copies"],
  shelf: Pick<Copying, "copy">,
): Promise<readonly Outcome[]> =>
  inLanes(LANES, copies, (order) => outcome(order.id, shelf.copy(order)));

const outcome = (id: string, work: Promise<Outcome>): Promise<Outcome> =>
  work.catch((cause: Error) => ({ id, answer: "later", said: `${cause.name}: ${cause.message}` }));
