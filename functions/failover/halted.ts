import { keys } from "../ledger/contract.ts";
import type { Admitted, Begun } from "./case.ts";
import { fenceLeft } from "./fence-left.ts";
import { folderOf } from "./folder.ts";
import { noteInIncident } from "./incident-note.ts";
import { releaseLock } from "./lock.ts";
import { lossWords } from "./loss-words.ts";
import { nextCommand } from "./next-command.ts";
import { haltedNotice } from "./notices.ts";
import type { Failure, Taken } from "./step.ts";
import type { RecordWorld } from "./world.ts";
import { rewrite } from "./written.ts";

/** Tells a person what was found, what would be lost, and the exact next command. */
export async function halted(
  world: RecordWorld,
  current: Begun | Admitted,
  error: Failure = {},
): Promise<Taken<Begun>> {
  const { request, execution } = current;
  const ledger = world.ledgers(world.region);
  const now = world.clock.now();
  const fence = await fenceLeft(ledger, current);
  const found = { ...foundIn(error), loss: lossWords(current), fence };
  const next = nextCommand(current, found.code, world.clock);
  const id = folderOf(current);
  // A failover that goes on after a halt may halt again: the last word stands.
  await rewrite(ledger, keys.failover(request.instance, id, "halted"), (before: object = {}) => ({
    ...before,
    ...current,
    ...found,
    next,
    at: now.toISOString(),
  }));
  const note = { id, outcome: "halted", at: now.toISOString(), code: found.code } as const;
  await noteInIncident(world, request, note);
  await releaseLock(ledger, request.instance, execution, now);
  await world.messenger.notify(haltedNotice(current, found, next, now.toISOString()));
  return { next: current, detail: `halted: ${found.code}: ${found.message}` };
}

/** A function's error comes as JSON in `Cause`; a time-out or an interpreter's error as text. */
export function foundIn({ Error: code = "Unknown", Cause: cause = "" }: Failure) {
  try {
    const { errorMessage } = JSON.parse(cause) as { errorMessage?: string };
    return { code, message: errorMessage ?? cause };
  } catch {
    return { code, message: cause };
  }
}
