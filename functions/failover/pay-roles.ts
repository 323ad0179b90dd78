import type { Roles } from "../../lib/sla/roles.ts";
import { keys } from "../ledger/contract.ts";
import { announceRoles } from "../ledger/roles-mark.ts";
import { rewrite } from "../ledger/written.ts";
import type { RolesDebt } from "./debt.ts";
import { amend } from "./debt-copies.ts";
import { type DebtOutcome, outcomeOf } from "./debt-outcome.ts";
import { rolesNow } from "./roles-now.ts";
import { type Here, instanceOf } from "./world.ts";

/** Tells the ledger that could not be told; what it has learned since from others stays. */
export async function payRoles(here: Here, debt: RolesDebt): Promise<DebtOutcome> {
  const ledger = here.ledgers(debt.region);
  const key = keys.roles(debt.instance);
  const [newest] = await Promise.all([
    rolesNow(here, instanceOf(here, debt.instance)),
    // While it is lost, one time-out tells so, not two in a row.
    ledger.read<Roles>(key),
  ]);
  await announceRoles(ledger, here.clock);
  const there = await rewrite<Roles>(ledger, key, (held) =>
    held && held.epoch >= newest.epoch ? undefined : newest,
  );
  const found = `${debt.region} holds epoch ${there?.epoch}`;
  const now = here.clock.now().toISOString();
  const paid = await amend(here, debt, (known) =>
    known.state === "owed"
      ? { ...known, state: "paid", paidAt: now, by: here.region, found }
      : undefined,
  );
  return outcomeOf(debt, paid ? "paid" : "paid elsewhere", found);
}
