import type { Seat } from "../../lib/sla/roles.ts";
import { claimOn, isToBeLookedAt } from "./claim.ts";
import type { FenceDebt } from "./debt.ts";
import { amend } from "./debt-copies.ts";
import { type DebtOutcome, outcomeOf } from "./debt-outcome.ts";
import { tellFence } from "./debt-telling.ts";
import { withDivergence } from "./divergence.ts";
import { hasOnly } from "./fence-groups.ts";
import { answers, type Isolation, isolate, type OldPrimary } from "./isolate.ts";
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
  const roles = await rolesForSure(world, instance);
  switch (claimOn(debt, roles)) {
    case "undecided":
      return outcomeOf(debt, "undecided", `the roles are at epoch ${roles.epoch}`);
    case "seated":
      return await cancelled(world, debt, `epoch ${roles.epoch} gives it a seat again`);
    case "old":
      break;
  }
  const seat: Seat = { region: debt.region, database: debt.database };
  const group = world.fleet.sites[debt.region]?.quarantineGroup;
  if (!group)
    return outcomeOf(debt, "failed", `the fleet names no quarantine group in ${debt.region}`);
  const quarantine = [group];
  const state = await world.registry.describe(seat);
  if (debt.state === "paid") return await lookAgain(world, debt, state, quarantine);
  const answered = await answers(world, { instance, seat });
  const isolation = await isolated(world, debt, { instance, seat, quarantine, answered }, state);
  return isolation.kind === "debt" || isolation.kind === "refused"
    ? outcomeOf(debt, "failed", isolation.because)
    : await settled(world, debt, words(isolation));
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

async function settled(world: DebtWorld, debt: FenceDebt, found: string): Promise<DebtOutcome> {
  const at = world.clock.now().toISOString();
  const by = world.region;
  const paid = await amend(world, debt, (known) =>
    known.state === "owed"
      ? { ...known, state: "paid", paidAt: at, by, found, lookedAt: at, mail: { by } }
      : undefined,
  );
  if (!paid) return outcomeOf(debt, "paid elsewhere", found);
  await tellFence(world, paid);
  return outcomeOf(debt, "paid", found);
}

/** A fence is as good as who may change security groups: a person may have taken it off. */
async function lookAgain(
  world: DebtWorld,
  debt: FenceDebt,
  state: DatabaseState | undefined,
  quarantine: readonly string[],
): Promise<DebtOutcome> {
  const at = world.clock.now();
  const isDue = (known: FenceDebt) =>
    isToBeLookedAt(known, { now: at, paced: (seconds) => world.clock.paced(seconds) });
  if (!state || hasOnly(state, quarantine)) {
    const lookedAt = at.toISOString();
    const ours = await amend(world, debt, (known) =>
      isDue(known) ? { ...known, lookedAt } : undefined,
    );
    if (ours?.unsearched) await searchAgain(world, ours);
    return outcomeOf(debt, "still paid", state ? "quarantined" : "the database is gone");
  }
  const because = `its groups are ${state.groups.map(({ id }) => id).join(", ")}`;
  const owed = await amend(world, debt, (known) => {
    const { groups: _before, divergent: _found, unsearched: _not, ...rest } = known;
    const mail = { by: world.region };
    return isDue(known) ? { ...rest, state: "owed", because, mail } : undefined;
  });
  if (owed) await tellFence(world, owed);
  return outcomeOf(debt, "owed again", because);
}

/** What could not be looked for when the fence was paid; people hear of it once it is known. */
async function searchAgain(world: DebtWorld, debt: FenceDebt): Promise<void> {
  const found = await withDivergence(world, debt);
  if (found.unsearched) return;
  const untold = await amend(world, found, (known) => ({ ...known, mail: { by: world.region } }));
  if (untold) await tellFence(world, untold);
}

async function cancelled(world: DebtWorld, debt: FenceDebt, found: string): Promise<DebtOutcome> {
  await amend(world, debt, (known) =>
    known.state === "cancelled" ? undefined : { ...known, state: "cancelled", found },
  );
  return outcomeOf(debt, "cancelled", found);
}

function words(isolation: Exclude<Isolation, { readonly because: string }>): string {
  if (isolation.kind === "gone") return "the database is gone";
  const { ended, rebooted } = isolation;
  return `quarantined, ${ended} sessions ended${rebooted ? ", rebooted" : ""}`;
}
