import type { Notice } from "../notify/contract.ts";
import type { Debt, FenceDebt, RecordsDebt } from "./debt.ts";
import { amend } from "./debt-copies.ts";
import { fenceDebtNotice, recordsDebtNotice } from "./debt-notices.ts";
import { withDivergence } from "./divergence.ts";
import type { DebtWorld, RecordsWorld } from "./world.ts";

export async function tellFence(world: DebtWorld, debt: FenceDebt): Promise<void> {
  const known = debt.state === "paid" ? await withDivergence(world, debt) : debt;
  await tell(world, debt, (at) => fenceDebtNotice(known, at));
}

export const tellRecords = (world: RecordsWorld, debt: RecordsDebt): Promise<void> =>
  tell(world, debt, (at) => recordsDebtNotice(debt, at));

/** Hands the mail over and notes that. A site that dies in between hands it over again, which sends nothing twice. */
async function tell(
  world: Pick<RecordsWorld, "clock" | "messenger" | "fleet" | "ledgers" | "region">,
  debt: Debt,
  notice: (at: string) => Notice,
): Promise<void> {
  const at = world.clock.now().toISOString();
  await world.messenger.notify(notice(at));
  await amend(world, debt, (newest) =>
    newest.mail && newest.mail.toldAt === undefined
      ? { ...newest, mail: { ...newest.mail, toldAt: at } }
      : undefined,
  );
}
