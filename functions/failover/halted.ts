import { keys } from "../ledger/contract.ts";
import { rewrite } from "../ledger/written.ts";
import type { Admitted, Begun } from "./case.ts";
import { fenceLeft } from "./fence-left.ts";
import { folderOf } from "./folder.ts";
import { noteInIncident } from "./incident-note.ts";
import { lossWords } from "./loss-words.ts";
import { nextCommand } from "./next-command.ts";
import { haltedNotice } from "./notices.ts";
import { releaseLocks } from "./recover-lock.ts";
import type { Failure, Taken } from "./step.ts";
import type { RecordWorld } from "./world.ts";

/** Tells a person what was found, what would be lost, and the exact next command. */
export async function halted(
  world: RecordWorld,
  current: Begun | Admitted,
  error: Failure = {},
): Promise<Taken<Begun>> {
  const { request } = current;
  const { ledgers, region, clock } = world;
  const ledger = ledgers(region);
  const at = clock.now().toISOString();
  const [fence] = await Promise.allSettled([fenceLeft(world, current)]);
  const left =
    fence.status === "fulfilled"
      ? fence.value
      : [`Nobody can say what is fenced: ${fence.reason}.`];
  const found = { ...foundIn(error), loss: lossWords(current), fence: left };
  const its = world.fleet.instances.find(({ id }) => id === request.instance);
  const next = nextCommand(current, found.code, clock, its?.database.engine);
  const id = folderOf(current);
  const kept = await Promise.allSettled([
    // A failover that goes on after a halt may halt again: the last word stands.
    rewrite(ledger, keys.failover(request.instance, id, "halted"), (before: object = {}) => ({
      ...{ ...before, ...current, ...found },
      ...{ next, at },
    })),
    noteInIncident(world, request, { id, outcome: "halted", at, code: found.code }),
    releaseLocks(world, current),
  ]);
  await world.messenger.notify(haltedNotice(current, found, next, at));
  // Told all the same; what passes is tried again by the machine, and the mail is not sent twice.
  const failure = [fence, ...kept].find((each) => each.status === "rejected");
  if (failure) throw failure.reason;
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
