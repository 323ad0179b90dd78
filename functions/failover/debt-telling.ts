import type { FenceDebt } from "./debt.ts";
import { amend } from "./debt-copies.ts";
import { fenceDebtNotice } from "./debt-notices.ts";
import { withDivergence } from "./divergence.ts";
import type { DebtWorld } from "./world.ts";

/** Hands the mail over and notes that. A site that dies in between hands it over again, which sends nothing twice. */
export async function tellFence(world: DebtWorld, debt: FenceDebt): Promise<void> {
  const known = debt.state === "paid" ? await withDivergence(world, debt) : debt;
  const at = world.clock.now().toISOString();
  await world.messenger.notify(fenceDebtNotice(known, at));
  await amend(world, debt, (newest) =>
    newest.mail && newest.mail.toldAt === undefined
      ? { ...newest, mail: { ...newest.mail, toldAt: at } }
      : undefined,
  );
}
