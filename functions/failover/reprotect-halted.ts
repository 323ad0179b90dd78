import { keys } from "../ledger/contract.ts";
import { rewrite } from "../ledger/written.ts";
import { foundIn } from "./halted.ts";
import { quoted } from "./next-command.ts";
import type { ReprotectBegun } from "./reprotect-case.ts";
import { reprotectName } from "./reprotect-contract.ts";
import { isSpared, reprotectHaltedNotice } from "./reprotect-notices.ts";
import { letGo } from "./reprotect-record.ts";
import type { Failure, Taken } from "./step.ts";
import type { RecordWorld } from "./world.ts";

/** Tells a person what stands in the way of a new standby, and how to go on. */
export async function reprotectHalted(
  world: RecordWorld,
  current: ReprotectBegun,
  error: Failure = {},
): Promise<Taken<ReprotectBegun>> {
  const { request } = current;
  const found = foundIn(error);
  const next = commandAfter(current, found.code);
  const at = world.clock.now().toISOString();
  const key = keys.reprotect(request.instance, reprotectName(request), "halted");
  await rewrite(world.ledgers(world.region), key, () => ({ ...current, ...found, next, at }));
  await letGo(world, current);
  await world.messenger.notify(reprotectHaltedNotice(current, found, next, at));
  return { next: current, detail: `halted: ${found.code}: ${found.message}` };
}

const LOOK_FIRST: ReadonlySet<string> = new Set([
  "HaltProtected",
  "HaltNoStandby",
  "HaltNoReplica",
]);

/** To be pasted into a shell with the provider's credentials, in the directory of its fleet. */
function commandAfter(current: ReprotectBegun, code: string): string {
  const { instance, reason } = current.request;
  if (LOOK_FIRST.has(code)) return "npx sla status";
  if (code === "HaltUntagged") return `npx sla adopt ${instance}`;
  if (isSpared(current)) {
    return `npx sla reprotect ${instance} --drop-standby --reason ${quoted(reason)}`;
  }
  const network = code === "HaltNoModel" ? " --subnet-group NAME" : "";
  return `npx sla reprotect ${instance} --reason ${quoted(reason)}${network}`;
}
