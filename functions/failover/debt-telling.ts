import type { FenceDebt } from "./debt.ts";
import { amend } from "./debt-copies.ts";
import { fenceDebtNotice } from "./debt-notices.ts";
import type { DebtWorld } from "./world.ts";

/** Hands the mail over and notes that. A site that dies in between hands it over again, which sends nothing twice. */
export async function tellFence(world: DebtWorld, debt: FenceDebt): Promise<void> {
  const at = world.clock.now().toISOString();
  await world.messenger.notify(fenceDebtNotice(debt, at));
  await amend(world, debt, (known) =>
    known.mail && known.mail.toldAt === undefined
      ? { ...known, mail: { ...known.mail, toldAt: at } }
      : undefined,
  );
}
