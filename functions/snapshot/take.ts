import { inLanes } from "../kernel/lanes.ts";
import type { BackupAnswer } from "../reconcile/contract.ts";
import type { TakeRequest } from "./contract.ts";
import type { Taking } from "./ports.ts";

/** RDS counts its calls by account: more at once would only be throttled. */
const LANES = 4;

/** Never rejects for one snapshot: each has its outcome. */
export const takeAll = async (
  { takes }: TakeRequest,
  snapshots: Taking,
): Promise<BackupAnswer> => ({
  outcomes: await inLanes(LANES, takes, (order) =>
    snapshots.take(order).catch((cause: Error) => ({
      ...({ id: order.id, answer: "later" } as const),
      said: `${cause.name}: ${cause.message}`,
    })),
  ),
});
