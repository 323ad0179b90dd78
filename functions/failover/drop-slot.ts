import { keepsBinaryLogs } from "../../lib/sla/engine.ts";
import { freePercent } from "../../lib/sla/storage.ts";
import type { Storage } from "../sql/contract.ts";
import { halt, notYet } from "./errors.ts";
import type { DatabaseState } from "./ports.ts";
import type { Dropping, ReprotectBegun } from "./reprotect-case.ts";
import { rolesUnlessOvertaken } from "./reprotect-claim.ts";
import { standbyDroppedNotice } from "./reprotect-notices.ts";
import type { Taken } from "./step.ts";
import { sqlTarget } from "./targets.ts";
import { type AssessWorld, instanceOf } from "./world.ts";

/** Plan seconds after which RDS should have taken the slot with the replica. */
const SLOT_GOES_WITHIN_SECONDS = 3600;

/** That the standby is deleted helps nobody before its primary says that it keeps no log for it any more. */
export async function dropSlot(
  world: AssessWorld,
  current: ReprotectBegun,
): Promise<Taken<ReprotectBegun>> {
  const { dropping } = current;
  if (!dropping) return { next: current, detail: "every slot stays" };
  await rolesUnlessOvertaken(world, current);
  const { database } = dropping.before.primary;
  const sight = await storageOf(world, current, dropping);
  if ("missing" in sight) return stays(world, dropping, sight.missing);
  const { storage, primary } = sight;
  const left = storage.replicaSlots - primary.replicas.length;
  if (left > 0) stays(world, dropping, `${database} still keeps the log of ${left} slots`);
  const allocatedBytes = primary.allocatedBytes ?? Number.POSITIVE_INFINITY;
  const free = freePercent({ ...storage, allocatedBytes });
  const at = world.clock.now().toISOString();
  const { engine } = instanceOf(world, current.request.instance).database;
  const keeps = keepsBinaryLogs(engine)
    ? "has nobody to keep log for, which RDS purges by itself"
    : "keeps no log for it any more";
  await world.messenger.notify(standbyDroppedNotice(current, dropping, { keeps, free }, at));
  return { next: current, detail: `${database} ${keeps}: ${free} % are free` };
}

interface Filled {
  readonly storage: Storage;
  readonly primary: DatabaseState;
}

async function storageOf(
  { registry, sql, ...here }: AssessWorld,
  { request }: ReprotectBegun,
  { before: { primary } }: Dropping,
): Promise<Filled | { readonly missing: string }> {
  const state = await registry.describe(primary);
  const target = state && sqlTarget(instanceOf(here, request.instance), state);
  if (!state || !target) return { missing: `${primary.database} has no endpoint` };
  const said = await sql.ask<Storage>(primary.region, { operation: "storage", targets: [target] });
  if (said.ok) return { storage: said.value, primary: state };
  return { missing: `${primary.database} does not say what fills it: ${said.failure.message}` };
}

function stays({ clock }: AssessWorld, { roles }: Dropping, message: string): never {
  const since = Date.parse(roles?.since ?? "");
  const isLate = clock.now().getTime() - since > clock.paced(SLOT_GOES_WITHIN_SECONDS);
  return isLate ? halt("HaltSlotStays", message) : notYet(message);
}
