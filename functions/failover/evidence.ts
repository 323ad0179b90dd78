import type { Instance } from "../../lib/sla/fleet.ts";
import type { Seat } from "../../lib/sla/roles.ts";
import { keys } from "../ledger/contract.ts";
import type { Admitted, Evidence, Examined, RolesWithStandby, Said } from "./case.ts";
import { isSilence } from "./errors.ts";
import { hasOnly } from "./fence-groups.ts";
import { askAnyMember, staysIn } from "./members.ts";
import type { Taken } from "./step.ts";
import { ask } from "./targets.ts";
import { type AssessWorld, instanceOf } from "./world.ts";

/**
 * Writes down what both sides say before anything is changed; what was written first stays. Who goes on with a
 * failover asks again: since it stopped, the old primary may have served for days.
 */
export async function evidence(world: AssessWorld, admitted: Admitted): Promise<Taken<Examined>> {
  const { request, before, id } = admitted;
  const instance = instanceOf(world, request.instance);
  const ledger = world.ledgers(world.region);
  const key = keys.failover(instance.id, id, "evidence");
  const found = await evidenceNow(world, instance, before);
  const first = (await ledger.create(key, found))
    ? found
    : ((await ledger.read<Evidence>(key))?.value ?? found);
  const known =
    request.continues === undefined ? first : await renewed(world, before, first, found);
  return {
    next: { ...admitted, evidence: known },
    detail: `standby ${saidInWords(known.standby)}; primary ${saidInWords(known.primary)}`,
  };
}

/** What both sides say, asked now. */
export async function evidenceNow(
  world: AssessWorld,
  instance: Instance,
  before: RolesWithStandby,
): Promise<Evidence> {
  const [standby, primary] = await Promise.all([
    staysIn(before)
      ? askAnyMember(world, instance, before.primary)
      : ask(world, instance, before.standby),
    ask(world, instance, before.primary),
  ]);
  return { at: world.clock.now().toISOString(), standby, primary };
}

/** A standby that has been promoted says nothing of the boundary any more, a primary behind its fence nothing of clients. */
export async function renewed(
  world: AssessWorld,
  { primary }: Admitted["before"],
  first: Evidence,
  found: Evidence,
): Promise<Evidence> {
  const isStandby = found.standby.answered && found.standby.reading.inRecovery;
  return {
    at: found.at,
    standby: isStandby ? found.standby : first.standby,
    primary: (await isFenced(world, primary)) ? first.primary : found.primary,
  };
}

async function isFenced({ registry, fleet }: AssessWorld, primary: Seat): Promise<boolean> {
  try {
    const state = await registry.describe(primary);
    const quarantine = fleet.sites[primary.region]?.quarantineGroup ?? "";
    return state !== undefined && hasOnly(state, [quarantine]);
  } catch (cause) {
    if (!isSilence(cause)) throw cause;
    return false;
  }
}

/** `answers, heartbeat …`, `silent (region)`. */
export function saidInWords(said: Said): string {
  if (!said.answered) return `silent (${said.kind})`;
  const { beat, receivedLsn, replayedLsn } = said.reading;
  const lsn = receivedLsn ? `, received ${receivedLsn}, replayed ${replayedLsn ?? "unknown"}` : "";
  return `answers, heartbeat ${beat?.at ?? "none"}${lsn}`;
}
