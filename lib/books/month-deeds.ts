import { inLanes } from "../../functions/kernel/lanes.ts";
import { keys, prefixes } from "../../functions/ledger/contract.ts";
import { valueAt } from "../../functions/ledger/records.ts";
import type { Shelf } from "../../functions/report/answering.ts";
import { dayOf, daysFrom } from "../../functions/report/days.ts";
import type { Span } from "../sla/books/month.ts";
import { backupsIn } from "./backup-deeds.ts";
import { DeedBook } from "./deed-book.ts";

const LANES = 16;

/**
 * What passes did about the backups of some instances in a span: each record is read once, whoever is in it. What lies under
 * another's key says nothing. Rejects if a shelf does not answer.
 */
export async function deedsIn(
  shelves: readonly Shelf[],
  span: Span,
  instances: readonly { readonly id: string }[],
): Promise<DeedBook> {
  const book = new DeedBook(instances.map(({ id }) => id));
  const isIn = ({ at }: { readonly at: string }) =>
    Date.parse(at) >= span.fromMs && Date.parse(at) < span.toMs;
  for (const day of daysFrom(dayOf(span.fromMs), dayOf(span.toMs - 1))) {
    await inLanes(LANES, await recordsOf(shelves, day), async ([key, shelf]) => {
      const record = await valueAt(shelf, key);
      const deeds = backupsIn(key, record, (at, region) => keys.backupDeeds(at, region) === key);
      book.add(deeds.filter(isIn));
    });
  }
  return book;
}

/** By key, the first shelf that has it. */
async function recordsOf(shelves: readonly Shelf[], day: string) {
  const found = await inLanes(LANES, shelves, async (shelf) => {
    const listed = await shelf.list(prefixes.backupDeeds(day));
    return listed.flatMap(({ key }) => (key.endsWith(".json") ? [[key, shelf] as const] : []));
  });
  return [...new Map(found.flat().toReversed())];
}
