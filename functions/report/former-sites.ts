import { REGIONS } from "../../lib/sla/regions.ts";
import { SlaError } from "../kernel/errors.ts";
import { inLanes } from "../kernel/lanes.ts";
import { keys, prefixes } from "../ledger/contract.ts";
import { mirroredIn, type Shelf } from "./answering.ts";

/** A ledger that may keep what others have sealed. */
interface Keeper {
  /** Its region. */
  readonly name: string;
  readonly shelf: Shelf;
}

export interface FormerSite {
  readonly site: string;
  /** Sealed days, and nothing else. */
  readonly shelf: Shelf;
  /** In whose ledger they lie. */
  readonly readIn: string;
}

const LANES = 16;

/**
 * Sites that are none any more and of whose days, from the first to the last, ledgers keep some: what they saw of a month stays
 * true when they leave the fleet. A keeper that does not answer is passed over.
 */
export async function formerSites(
  sites: readonly string[],
  keepers: readonly Keeper[],
  [first, last]: readonly [first: string, last: string],
): Promise<readonly FormerSite[]> {
  const strangers = Object.keys(REGIONS).filter((region) => !sites.includes(region));
  const found = await inLanes(keepers.length, keepers, async (keeper) => {
    const all = await sealsIn(keeper.shelf, strangers);
    return all.flatMap(({ site, known }) => {
      const isOfThen = known.some((key) => key >= keys.daySeal(first) && key <= keys.daySeal(last));
      return isOfThen ? [{ site, keeper, count: known.length }] : [];
    });
  });
  return [...Map.groupBy(found.flat(), ({ site }) => site)].flatMap(([site, all]) => {
    // A mirror that changed was given all of them anew.
    const [most] = all.toSorted((one, other) => other.count - one.count);
    if (!most) return [];
    const { name, shelf } = most.keeper;
    return [{ site, shelf: mirroredIn(shelf, site), readIn: name }];
  });
}

/** One that does not answer is not asked for every region. */
async function sealsIn(shelf: Shelf, strangers: readonly string[]) {
  try {
    return await inLanes(LANES, strangers, async (site) => {
      const listed = await mirroredIn(shelf, site).list(prefixes.seals);
      return { site, known: listed.map(({ key }) => key) };
    });
  } catch (cause) {
    if (cause instanceof SlaError && cause.code === "CloudUnreachable") return [];
    throw cause;
  }
}
