import type { Instance } from "../../lib/sla/fleet.ts";
import { keys } from "../ledger/contract.ts";
import type { Admitted, Evidence, Examined, RolesWithStandby, Said } from "./case.ts";
import type { Taken } from "./step.ts";
import { ask } from "./targets.ts";
import { type AssessWorld, instanceOf } from "./world.ts";

/** Writes down what both sides say before anything is changed; what was written first stays. */
export async function evidence(world: AssessWorld, admitted: Admitted): Promise<Taken<Examined>> {
  const { request, before, id } = admitted;
  const instance = instanceOf(world, request.instance);
  const ledger = world.ledgers(world.region);
  const key = keys.failover(instance.id, id, "evidence");
  const found = await evidenceNow(world, instance, before);
  const first = (await ledger.create(key, found))
    ? found
    : ((await ledger.read<Evidence>(key))?.value ?? found);
  return {
    next: { ...admitted, evidence: first },
    detail: `standby ${saidInWords(first.standby)}; primary ${saidInWords(first.primary)}`,
  };
}

export async function evidenceNow(
  world: AssessWorld,
  instance: Instance,
  before: RolesWithStandby,
): Promise<Evidence> {
  const [standby, primary] = await Promise.all([
    ask(world, instance, before.standby),
    ask(world, instance, before.primary),
  ]);
  return { at: world.clock.now().toISOString(), standby, primary };
}

/** `answers, heartbeat …`, `silent (region)`. */
export function saidInWords(said: Said): string {
  if (!said.answered) return `silent (${said.kind})`;
  const { beat, receivedLsn, replayedLsn } = said.reading;
  const lsn = receivedLsn ? `, received ${receivedLsn}, replayed ${replayedLsn ?? "unknown"}` : "";
  return `answers, heartbeat ${beat?.at ?? "none"}${lsn}`;
}
