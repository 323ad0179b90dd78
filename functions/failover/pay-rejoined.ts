import type { FenceDebt } from "./debt.ts";
import { amend } from "./debt-copies.ts";
import { type DebtOutcome, outcomeOf } from "./debt-outcome.ts";
import { tellFence } from "./debt-telling.ts";
import { paidWords } from "./fence-words.ts";
import type { DebtWorld } from "./world.ts";

/** RDS has made the old primary of a global database a secondary of the new one: no fence keeps out more than that. */
export async function payRejoined(world: DebtWorld, debt: FenceDebt): Promise<DebtOutcome> {
  const found = paidWords({ kind: "follows" });
  const at = world.clock.now().toISOString();
  const by = world.region;
  const paid = await amend(world, debt, ({ unsevered, ...known }) => {
    if (known.state === "owed") {
      return { ...known, state: "paid", paidAt: at, by, found, lookedAt: at, mail: { by } };
    }
    return unsevered ? { ...known, found, lookedAt: at, mail: { by } } : undefined;
  });
  if (!paid) {
    await amend(world, debt, (known) => ({ ...known, lookedAt: at }));
    return outcomeOf(debt, "still paid", found);
  }
  await tellFence(world, paid);
  return outcomeOf(debt, "paid", found);
}
