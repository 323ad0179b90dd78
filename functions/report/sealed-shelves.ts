import { SlaError } from "../kernel/errors.ts";
import { keys, prefixes } from "../ledger/contract.ts";
import type { Ledgers } from "../ledger/ledger.ts";
import { answering, type Shelf } from "./answering.ts";

interface Place {
  readonly site: string;
  readonly mirror: string | undefined;
}

/**
 * The ledgers of all sites, once each has sealed the last day that is needed; none if all of them began later. Rejects
 * with `NotSealedYet` before, and with `CloudUnreachable` while a site's incidents and backups cannot be read: another keeps
 * its days, and nothing else.
 */
export async function sealedShelves(
  places: readonly Place[],
  { ledgers, lastDay }: { readonly ledgers: Ledgers; readonly lastDay: string },
): Promise<readonly Shelf[]> {
  const found = await Promise.all(
    places.map(async ({ site, mirror }) => {
      const { shelf, readIn } = await answering(site, { ledgers, mirror, lastDay });
      if (readIn !== undefined) {
        const why = `${site} does not answer: ${readIn} keeps its days, but not what happened there`;
        throw new SlaError("CloudUnreachable", "cloud", why);
      }
      if ((await shelf.text(keys.daySeal(lastDay))) !== undefined) return { shelf, had: true };
      if (await beganLater(shelf, lastDay)) return { shelf, had: false };
      throw new SlaError("NotSealedYet", "cloud", `${site} has not sealed ${lastDay} yet`);
    }),
  );
  return found.some(({ had }) => had) ? found.map(({ shelf }) => shelf) : [];
}

/** Its first seal is of a later day: nobody will ever seal this one. */
async function beganLater(shelf: Shelf, day: string): Promise<boolean> {
  const [first] = (await shelf.list(prefixes.seals)).map(({ key }) => key).toSorted();
  return first !== undefined && first > keys.daySeal(day);
}
