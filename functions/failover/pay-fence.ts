import type { Seat } from "../../lib/sla/roles.ts";
import { claimOn } from "./claim.ts";
import type { FenceDebt } from "./debt.ts";
import { amend } from "./debt-copies.ts";
import { type DebtOutcome, outcomeOf } from "./debt-outcome.ts";
import { tellFence } from "./debt-telling.ts";
import { hasOnly } from "./fence-groups.ts";
import { type Emptied, paidWords } from "./fence-words.ts";
import { isSecondaryOf } from "./global.ts";
import { answers, type Isolation, isolate, type OldPrimary, sever } from "./isolate.ts";
import { lookAgain } from "./look-again.ts";
import { payRejoined } from "./pay-rejoined.ts";
import type { DatabaseState } from "./ports.ts";
import { rebootedOnce } from "./reboot-once.ts";
import { rolesForSure } from "./roles-now.ts";
import { type DebtWorld, instanceOf } from "./world.ts";

/**
 * Fences an old primary that could not be fenced when it was replaced, or looks whether it still is. Only if
 * every ledger that could know better answers, and none gives the database a seat.
 */
export async function payFence(world: DebtWorld, debt: FenceDebt): Promise<DebtOutcome> {
  const instance = instanceOf(world, debt.instance);
  const seat: Seat = { region: debt.region, database: debt.database };
  const group = world.fleet.sites[debt.region]?.quarantineGroup;
  if (!group)
    return outcomeOf(debt, "failed", `the fleet names no quarantine group in ${debt.region}`);
  const old = { instance, seat, quarantine: [group] };
  const roles = await rolesForSure(world, instance);
  const claim = claimOn(debt, roles);
  if (claim === "seated") {
    return await cancelled(world, debt, `epoch ${roles.epoch} gives it a seat again`);
  }
  const state = await world.registry.describe(seat);
  if (claim === "undecided") {
    await severBehind(world, debt, old, state);
    return outcomeOf(debt, "undecided", `the roles are at epoch ${roles.epoch}`);
  }
  if (state && isSecondaryOf(world.fleet, roles.primary, state)) {
    return await payRejoined(world, debt);
  }
  if (debt.state === "paid") return await lookAgain(world, debt, old, state);
  const answered = await answers(world, { instance, seat });
  const isolation = await isolated(world, debt, { ...old, answered }, state);
  return isolation.kind === "debt" || isolation.kind === "refused"
    ? outcomeOf(debt, "failed", isolation.because)
    : await settled(world, debt, isolation);
}

/**
 * Its failover is under way, and has set the fence itself: what comes back behind it takes nothing meanwhile. Nothing else is
 * done about it before the roles have changed, because the fence may come off again.
 */
async function severBehind(
  world: DebtWorld,
  debt: FenceDebt,
  old: Omit<OldPrimary, "answered">,
  state: DatabaseState | undefined,
): Promise<void> {
  if (debt.unsevered && state && hasOnly(state, old.quarantine)) await sever(world, old);
}

async function isolated(
  world: DebtWorld,
  debt: FenceDebt,
  old: OldPrimary,
  state: DatabaseState | undefined,
): Promise<Isolation> {
  if (!state) return { kind: "gone" };
  const groups = state.groups.map(({ id }) => id);
  // Kept before anything changes, as by the failover itself.
  if (!hasOnly(state, old.quarantine)) {
    await amend(world, debt, (known) => (known.groups ? undefined : { ...known, groups }));
  }
  return isolate({ ...world, fence: rebootedOnce(world, debt) }, old);
}

async function settled(
  world: DebtWorld,
  debt: FenceDebt,
  isolation: Emptied,
): Promise<DebtOutcome> {
  const found = paidWords(isolation);
  const isOpen = isolation.kind === "quarantined" && isolation.unsevered === true;
  const at = world.clock.now().toISOString();
  const by = world.region;
  const paid = await amend(world, debt, (known) =>
    known.state === "owed"
      ? {
          ...known,
          ...{ state: "paid", paidAt: at, by, found, lookedAt: at, mail: { by } },
          ...(isOpen && { unsevered: true as const }),
        }
      : undefined,
  );
  if (!paid) return outcomeOf(debt, "paid elsewhere", found);
  await tellFence(world, paid);
  return outcomeOf(debt, "paid", found);
}

async function cancelled(world: DebtWorld, debt: FenceDebt, found: string): Promise<DebtOutcome> {
  await amend(world, debt, (known) =>
    known.state === "cancelled" ? undefined : { ...known, state: "cancelled", found },
  );
  return outcomeOf(debt, "cancelled", found);
}
