import { TAGS } from "../../lib/sla/backups/catalogue.ts";
import { inLanes } from "../kernel/lanes.ts";
import type { BackupAnswer, Outcome } from "../reconcile/contract.ts";
import type { TakeRequest } from "./contract.ts";
import type { Memory, Taking } from "./ports.ts";

/** RDS counts its calls by account: more at once would only be throttled. */
const LANES = 4;
/** Primaries that are asked at once; one that does not answer takes its whole time-out. */
const ASKED = 20;

/**
 * Never rejects for one snapshot: each has its outcome. What a primary says of its content is kept beside; a backup of which nobody
 * could ask is a backup all the same.
 */
export async function takeAll(
  { takes }: TakeRequest,
  snapshots: Taking,
  memory: Memory,
): Promise<BackupAnswer> {
  const outcomes = await takeEach(takes, snapshots);
  const taken = takes.filter((_, index) => outcomes[index]?.answer === "accepted");
  await inLanes(ASKED, taken, ({ id, database, tags }) =>
    kept(memory, { id, database, instance: tags[TAGS.instance] ?? "" }),
  );
  return { outcomes };
}

/** Never rejects for one either. */
export const takeEach = (
  takes: TakeRequest["takes"],
  snapshots: Taking,
): Promise<readonly Outcome[]> =>
  inLanes(LANES, takes, (order) =>
    snapshots.take(order).catch((cause: Error) => ({
      ...({ id: order.id, answer: "later" } as const),
      said: wordsOf(cause),
    })),
  );

/** For a primary that is busy just now: two turns of all that are asked end before the function does. */
const TRIES = 3;

async function kept(
  memory: Memory,
  order: Parameters<Memory["keep"]>[0],
  tries = TRIES,
): Promise<void> {
  try {
    await memory.keep(order);
  } catch (cause) {
    if (tries > 1) return kept(memory, order, tries - 1);
    const message = `${order.id}: not compared at its restore: ${wordsOf(cause as Error)}`;
    console.warn(JSON.stringify({ level: "warn", code: "NoFigures", message }));
  }
}

const wordsOf = ({ name, message }: Error) => `${name}: ${message}`;
