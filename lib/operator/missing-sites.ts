import { inLanes } from "../../functions/kernel/lanes.ts";
import { keys, prefixes } from "../../functions/ledger/contract.ts";
import { sealedText } from "../../functions/ledger/torn.ts";
import { mirroredIn, type Shelf } from "../../functions/report/answering.ts";
import { readSeal } from "../../functions/report/read-seal.ts";
import type { NamedShelf } from "./ledger-copies.ts";

/** A site of the fleet of whose ledger there is no copy. */
export interface MissingSite {
  readonly site: string;
  /** What a copy of another ledger keeps of it: sealed days, or nothing. */
  readonly shelf: Shelf;
  /** Of which copy, and up to which day; absent where none of the days that were asked for lies there. */
  readonly kept?: { readonly readIn: string; readonly upTo: string };
}

type Copy = Pick<NamedShelf, "name" | "shelf">;

const LANES = 4;

/** Which sites no copy is of, but for those that have sealed no day until then, as copies of other ledgers say. */
export async function missingSites(
  sites: readonly string[],
  copies: readonly Copy[],
  [first, last]: readonly [first: string, last: string],
): Promise<readonly MissingSite[]> {
  const there = new Set(await inLanes(LANES, copies, (copy) => siteOf(copy, sites)));
  const lacking = sites.filter((site) => !there.has(site));
  const found = await inLanes(LANES, lacking, async (site) => {
    const mirrors = await inLanes(LANES, copies, async ({ name, shelf }) => {
      const mirror = mirroredIn(shelf, site);
      return { name, shelf: mirror, days: await sealedDays(mirror) };
    });
    // A mirror that changed was given all of them anew.
    const most = mirrors.toSorted((one, other) => other.days.length - one.days.length)[0];
    const [began] = most?.days ?? [];
    if (!most || (began !== undefined && began > last)) return [];
    const upTo = most.days.findLast((day) => day >= first && day <= last);
    const kept = upTo !== undefined && { readIn: most.name, upTo };
    return [{ site, shelf: most.shelf, ...(kept && { kept }) }];
  });
  return found.flat();
}

/** A copy that is called otherwise says itself of which site it is, if anything of it is sealed. */
async function siteOf({ name, shelf }: Copy, sites: readonly string[]): Promise<string> {
  if (sites.includes(name)) return name;
  const newest = (await sealedDays(shelf)).at(-1);
  const text = newest === undefined ? "" : await sealedText(shelf, keys.daySeal(newest));
  return readSeal(text ?? "")?.site ?? name;
}

const sealedDays = async (shelf: Shelf): Promise<readonly string[]> =>
  (await shelf.list(prefixes.seals))
    .map(({ key }) => key.slice(prefixes.seals.length, -".json".length))
    .toSorted();
