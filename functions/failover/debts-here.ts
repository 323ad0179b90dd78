import { prefixes } from "../ledger/contract.ts";
import { keptReader } from "../ledger/fleet.ts";
import type { Ledgers } from "../ledger/ledger.ts";
import type { Debt } from "./debt.ts";
import { newer } from "./debt-copies.ts";

/** The debts a site knows of. */
export interface DebtBook {
  /** Those in its own ledger, wherever they have to be paid. */
  own(): Promise<readonly Debt[]>;
  /** Those in the ledger of one site; rejects with `CloudUnreachable` if it does not answer. */
  at(site: string): Promise<readonly Debt[]>;
  /** Those that have to be paid in its region, from the ledgers of other sites that answer. */
  heard(sites: readonly string[]): Promise<readonly Debt[]>;
}

/** A region that was lost could not be told what it owes: when it is back, it asks. */
export function debtBook(ledgers: Ledgers, site: string): DebtBook {
  const readers = new Map<string, () => Promise<readonly Debt[]>>();
  const debtsIn = (region: string) => {
    const reader = readers.get(region) ?? keptReader<Debt>(ledgers(region), prefixes.debts);
    readers.set(region, reader);
    return reader();
  };
  return {
    own: () => debtsIn(site),
    at: debtsIn,
    async heard(sites) {
      const asked = await Promise.allSettled(sites.filter((each) => each !== site).map(debtsIn));
      const all = asked.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
      const mine = all.filter(({ region }) => region === site);
      return [...Map.groupBy(mine, nameOf).values()].map((copies) => copies.reduce(newer));
    },
  };
}

/** The same debt has the same name in every ledger. */
export const nameOf = ({ instance, kind }: Debt) => `${instance}/${kind}`;
