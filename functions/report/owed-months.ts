import { monthsBefore } from "../../lib/sla/books/month.ts";
import { SlaError } from "../kernel/errors.ts";
import { inLanes } from "../kernel/lanes.ts";
import { keys, prefixes } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";

/** Older ones are published by hand: their plans may be others by now. */
const MONTHS_BACK = 3;

/** The months before the last one that somebody has begun to publish, and nobody has finished; oldest first. */
export async function owedMonths(
  ledger: Pick<Ledger, "list">,
  last: string,
): Promise<readonly string[]> {
  const owed = await inLanes(MONTHS_BACK, monthsBefore(last, MONTHS_BACK), async (month) => {
    const listed = (await ledger.list(prefixes.reports(month))).map(({ key }) => key);
    return listed.length > 0 && !listed.includes(keys.published(month)) ? [month] : [];
  });
  return owed.flat();
}

/** One after the other; what keeps one back keeps none of the others. Rejects afterwards, as the first of them did. */
export async function eachMonth<T>(
  months: readonly string[],
  publishOne: (month: string) => Promise<T>,
): Promise<readonly T[]> {
  const done: T[] = [];
  const failed: { readonly month: string; readonly cause: Error }[] = [];
  for (const month of months) {
    try {
      done.push(await publishOne(month));
    } catch (cause) {
      failed.push({ month, cause: cause as Error });
    }
  }
  const [first] = failed;
  if (!first) return done;
  const { cause } = first;
  if (failed.length === 1 || !(cause instanceof SlaError)) throw cause;
  const all = failed.map(({ month, cause: { message } }) => `${month}: ${message}`);
  throw new SlaError(cause.code, cause.blame, all.join("; "), { cause });
}
