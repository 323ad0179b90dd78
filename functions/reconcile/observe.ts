import {
  hasOurName,
  instanceInName,
  type Listed,
  type Shelved,
  shelved,
  TAGS,
} from "../../lib/sla/backups/catalogue.ts";
import type { Observed } from "../../lib/sla/backups/reconcile.ts";

/** What all regions that answered hold, sorted by instance once. */
export interface Catalogue {
  of(instance: string): Observed;
  /** Snapshots of a region that are still being copied to it, whoever's they are. */
  copying(region: string): readonly { readonly instance: string }[];
  /** Backups of ours whose instance is not in the fleet: left alone, and told. */
  readonly strangers: readonly Shelved[];
}

export function catalogueOf(
  listings: ReadonlyMap<string, readonly Listed[]>,
  instances: readonly string[],
): Catalogue {
  const { ours, untagged } = sorted(listings);
  const known = new Set(instances);
  const strangers = [...ours].filter(([instance]) => !known.has(instance));
  return {
    strangers: strangers.flatMap(([, shelves]) => [...shelves.values()].flat()),
    of: (instance) => ({
      shelves: new Map(
        [...listings.keys()].map((region) => [region, ours.get(instance)?.get(region) ?? []]),
      ),
      untagged: untagged.get(instance) ?? new Map(),
    }),
    copying: (region) =>
      (listings.get(region) ?? [])
        .filter(({ isCopy, status }) => isCopy && UNDER_WAY.has(status))
        .map(({ tags }) => ({ instance: tags[TAGS.instance] ?? "" })),
  };
}

function sorted(listings: ReadonlyMap<string, readonly Listed[]>) {
  const ours: Books<Shelved> = new Map();
  const untagged: Books<string> = new Map();
  for (const one of [...listings.values()].flat()) {
    const backup = shelved(one);
    if (backup) at(ours, backup.instance, one.region).push(backup);
    else if (hasOurName(one.id)) at(untagged, instanceInName(one.id), one.region).push(one.id);
  }
  return { ours, untagged };
}

/** By instance, then by region. */
type Books<T> = Map<string, Map<string, T[]>>;

const UNDER_WAY: ReadonlySet<string> = new Set(["pending", "copying", "creating"]);

function at<T>(books: Books<T>, instance: string, region: string): T[] {
  const book = books.get(instance) ?? new Map<string, T[]>();
  books.set(instance, book);
  const entries = book.get(region) ?? [];
  book.set(region, entries);
  return entries;
}
