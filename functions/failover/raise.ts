import type { Instance } from "../../lib/sla/fleet.ts";
import type { Flag } from "../flag/contract.ts";
import { keys } from "../ledger/contract.ts";
import type { Seated } from "./case.ts";
import { owe } from "./debt.ts";
import { halt } from "./errors.ts";
import type { FlipWorld } from "./world.ts";
import { rewrite } from "./written.ts";

/**
 * Moves DNS without the API of Route 53, which lives in one region of the world: the STOP flag of this site is
 * raised, the health check of the PRIMARY record sees it and SECONDARY answers. Writing both records stays
 * owed: until then a flag that nobody answers for would lead clients back.
 */
export async function raise(
  { ledgers, region, fleet, clock }: FlipWorld,
  { request, before, execution }: Seated,
  instance: Instance,
  because: string,
): Promise<string> {
  const since = clock.now().toISOString();
  const flag = await rewrite<Flag>(ledgers(region), keys.flag(instance.id), (found) =>
    found && found.state !== "raised"
      ? { ...found, state: "raised", since, by: execution }
      : undefined,
  );
  if (!flag) {
    return halt("HaltRecords", `${instance.id}: no STOP flag in ${region}, and ${because}`);
  }
  const places = new Set([region, fleet.control]);
  await owe([...places].map(ledgers), {
    state: "owed",
    kind: "records",
    instance: request.instance,
    incident: request.incident,
    region: "us-east-1",
    because,
    since,
    execution,
    epoch: before.epoch + 1,
  });
  return flag.id;
}
