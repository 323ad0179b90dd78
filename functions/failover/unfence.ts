import { keys } from "../ledger/contract.ts";
import type { Entry } from "../ledger/ledger.ts";
import type { Admitted, Begun } from "./case.ts";
import { settle } from "./debt.ts";
import { notYet } from "./errors.ts";
import { admitsOnly, type FenceIntent } from "./fence-groups.ts";
import { holderOf } from "./lock.ts";
import type { DatabaseState } from "./ports.ts";
import type { PromoteIntent } from "./promote-intent.ts";
import type { Taken } from "./step.ts";
import type { FenceWorld } from "./world.ts";

/** How the timeline begins to say that clients may come back. */
export const FENCE_OFF = "fence off";

/**
 * Stopped before promote: the primary goes back to its clients. The fence stays on if it is not ours or
 * if a promotion may have begun, because two writers are worse than none.
 */
export async function unfence(world: FenceWorld, current: Begun | Admitted): Promise<Taken<Begun>> {
  if (!("before" in current)) return { next: current, detail: "no fence was set" };
  const { request, id, before, execution } = current;
  const ledger = world.ledgers(world.region);
  const read = <T>(step: string) => ledger.read<T>(keys.failover(request.instance, id, step));
  const [intent, promotion, standby] = await Promise.all([
    read<FenceIntent>("fence"),
    read<PromoteIntent>("promote"),
    world.registry.describe(before.standby),
  ]);
  const holder = await holderOf(ledger, request.instance);
  const isAnothers = holder !== undefined && holder !== execution;
  const why = isAnothers ? `${holder} has the lock` : doubtOf(promotion, standby);
  if (why !== undefined) {
    return { next: current, detail: intent ? `fence left on: ${why}` : "no fence was set" };
  }
  const debts = [...new Set([world.region, before.primary.region, world.fleet.control])];
  await settle(
    debts.map(world.ledgers),
    { instance: request.instance, kind: "fence", execution },
    "cancelled",
  );
  if (!intent) return { next: current, detail: "no fence was set" };
  if (!intent.value.ours) {
    return { next: current, detail: "fence left on: it was in quarantine before" };
  }
  const { groups } = intent.value;
  const outcome = await admitsOnly(world, before.primary, groups);
  if (outcome === "wrong-state") {
    return notYet(`the status of ${before.primary.database} refuses to take the fence off`);
  }
  const detail = outcome === "gone" ? "the database is gone" : `${groups.join(", ")} set again`;
  return { next: current, detail: `${FENCE_OFF}: ${detail}` };
}

function doubtOf(
  promotion: Entry<PromoteIntent> | undefined,
  standby: DatabaseState | undefined,
): string | undefined {
  if (promotion?.value.state === "asked" || !standby?.source) {
    return "the standby may have been promoted";
  }
  return undefined;
}
