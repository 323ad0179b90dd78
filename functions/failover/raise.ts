import type { Instance } from "../../lib/sla/fleet.ts";
import type { Flag } from "../flag/contract.ts";
import { keys } from "../ledger/contract.ts";
import type { Seated } from "./case.ts";
import { owe, type RecordsDebt } from "./debt.ts";
import { halt, isUnreachable } from "./errors.ts";
import type { FlipWorld } from "./world.ts";
import { rewrite } from "./written.ts";

/**
 * Moves DNS without the API of Route 53, which lives in one region of the world: the STOP flag of this site is
 * raised, the health check of the PRIMARY record sees it and SECONDARY answers. Writing both records stays
 * owed: until then a flag that nobody answers for would lead clients back.
 */
export async function raise(
  world: FlipWorld,
  seated: Seated,
  instance: Instance,
  because: string,
): Promise<string> {
  const { ledgers, region, clock } = world;
  const key = keys.flag(instance.id);
  if (!(await ledgers(region).read<Flag>(key))) {
    return halt("HaltRecords", `${instance.id}: no STOP flag in ${region}, and ${because}`);
  }
  const since = clock.now().toISOString();
  // Owed first: who lowers the flag looks for debts after having read it, and writes over what was read only.
  await oweRecords(world, seated, { id: instance.id, because, since });
  await rewrite<Flag>(ledgers(region), key, (found) =>
    found && (found.state !== "raised" || found.by !== seated.execution)
      ? { ...found, state: "raised", since, by: seated.execution }
      : undefined,
  );
  return instance.id;
}

/** In this site, where the flag is, for certain; in control as well, which pays if this site is lost. */
async function oweRecords(
  { ledgers, region, fleet }: FlipWorld,
  { request, before, execution }: Seated,
  { id, because, since }: { readonly id: string; readonly because: string; readonly since: string },
): Promise<void> {
  const debt: RecordsDebt = {
    state: "owed",
    kind: "records",
    instance: request.instance,
    incident: request.incident,
    region: "us-east-1",
    because,
    since,
    execution,
    epoch: before.epoch + 1,
    flag: { id, site: region },
  };
  await owe([ledgers(region)], debt);
  try {
    await owe([ledgers(fleet.control)], debt);
  } catch (cause) {
    if (!isUnreachable(cause)) throw cause;
  }
}
