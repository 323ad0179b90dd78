import type { Flag } from "../flag/contract.ts";
import { keys } from "../ledger/contract.ts";
import type { Debt, FlagPlace, RecordsDebt } from "./debt.ts";
import { siteOf } from "./debt-copies.ts";
import type { DebtBook } from "./debts-here.ts";
import type { RecordsWorld } from "./world.ts";

export type Lowering =
  | { readonly kind: "lowered" }
  /** Who else the flag still leads over. */
  | { readonly kind: "waits"; readonly because: string };

/** The flag that stands for these records. */
export const flagOf = ({ flag, instance, execution }: RecordsDebt): FlagPlace | undefined =>
  flag === "none" ? undefined : (flag ?? { id: instance, site: siteOf(execution) ?? "" });

export const isRecords = (debt: Debt): debt is RecordsDebt => debt.kind === "records";

/**
 * Lowers a flag if everybody whom it leads over has records that lead there too. Who raises it owes first: after the
 * flag has been read every debt is there, and a flag raised since is not written over.
 */
export async function lowerFlag(
  { ledgers, clock, region }: RecordsWorld,
  book: Pick<DebtBook, "at">,
  { id, site }: FlagPlace,
  proven: readonly RecordsDebt[],
): Promise<Lowering> {
  const ledger = ledgers(site);
  const flag = await ledger.read<Flag>(keys.flag(id));
  if (!flag || flag.value.state === "lowered") return { kind: "lowered" };
  const ready = new Set(proven.map(nameOf));
  const others = (await book.at(site))
    .filter(isRecords)
    .filter((debt) => debt.state === "owed" && flagOf(debt)?.id === id)
    .filter((debt) => !ready.has(nameOf(debt)))
    .map(({ instance }) => instance);
  if (others.length > 0) {
    return { kind: "waits", because: `the flag ${id} still leads ${others.join(", ")} over` };
  }
  const lowered: Flag = {
    ...flag.value,
    state: "lowered",
    since: clock.now().toISOString(),
    by: `records written by ${region}`,
  };
  return (await ledger.replace(keys.flag(id), lowered, flag.tag))
    ? { kind: "lowered" }
    : { kind: "waits", because: `the flag ${id} was written by somebody else` };
}

/** Who raises the flag of a cell owes for all its members. */
const nameOf = ({ instance, execution }: RecordsDebt) => `${instance} ${execution}`;
