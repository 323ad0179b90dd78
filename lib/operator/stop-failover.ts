import type { Abort } from "../../functions/failover/abort.ts";
import { keys } from "../../functions/ledger/contract.ts";
import { rewrite } from "../../functions/ledger/written.ts";
import type { Access } from "./access.ts";
import { wake } from "./answer-question.ts";
import { follow } from "./follow.ts";
import { haltRecord } from "./halt-lines.ts";
import type { Running } from "./running.ts";
import type { StepLine } from "./step-lines.ts";

/** How it ended: `stopped` before the promotion, `too-late` (it is done), or `halted` for a reason of its own. */
export type Stopped = "stopped" | "too-late" | "halted";

/**
 * Writes down the wish and waits for what comes of it: the machine reads it before each step up to the
 * promotion, takes its fence off and halts. Nothing is killed, so nothing is left half done.
 */
export async function stopFailover(
  access: Access,
  instance: string,
  running: Running,
  reason: string,
  tell: (line: StepLine) => void,
): Promise<Stopped> {
  const { execution, region, folder } = running;
  const ledger = access.ledgers(region);
  const at = access.clock.now().toISOString();
  const wish: Abort = { instance, execution, reason, at };
  await rewrite<Abort>(ledger, keys.abort(instance), () => wish);
  await wake(access, instance, running);
  const end = await follow(access, execution, tell);
  if (end.succeeded) return "too-late";
  const halt = await haltRecord(ledger, instance, folder);
  return halt?.code === "HaltAborted" ? "stopped" : "halted";
}
