import { inLanes } from "../kernel/lanes.ts";
import { prefixes } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { isTorn } from "../ledger/torn.ts";
import { type BookOf, DayBook } from "./day-book.ts";

const LANES = 32;

/** One site's records: its ledger, or a copy of it. */
export type Records = Pick<Ledger, "list" | "text">;

/** Reads what a site recorded on a day, a record at a time. Rejects if its ledger does not answer. */
export async function readDay(records: Records, of: BookOf): Promise<DayBook> {
  const book = new DayBook(of);
  const listed = await records.list(prefixes.rounds(of.day));
  await inLanes(LANES, listed, async ({ key }) => book.add(key, await unpacked(records, key)));
  return book;
}

/** Undefined where the record is torn. */
async function unpacked(records: Records, key: string): Promise<string | undefined> {
  try {
    return await records.text(key);
  } catch (cause) {
    if (isTorn(cause)) return undefined;
    // Nothing may be settled, let alone sealed, without it.
    throw cause;
  }
}
