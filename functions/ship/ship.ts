import { inLanes } from "../kernel/lanes.ts";
import type { BackupAnswer, Outcome } from "../reconcile/contract.ts";
import type { ShipRequest } from "./contract.ts";
import type { Shipping } from "./ports.ts";

const LANES = 4;

/** Ends before it begins: RDS allows so many at a time. Never rejects for one: each has its outcome, starts first. */
export async function ship(
  { starts, stops }: ShipRequest,
  shipping: Shipping,
): Promise<BackupAnswer> {
  const stopped = await inLanes(LANES, stops, (order) => outcome(order, shipping.stop(order)));
  const started = await inLanes(LANES, starts, (order) => outcome(order, shipping.start(order)));
  return { outcomes: [...started, ...stopped] };
}

const outcome = (
  { source: { database: id } }: ShipRequest["stops"][number],
  work: Promise<Outcome>,
): Promise<Outcome> =>
  work.catch((cause: Error) => ({ id, answer: "later", said: `${cause.name}: ${cause.message}` }));
