import type { ShelfState, Trouble } from "../../functions/reconcile/contract.ts";
import { placesOf } from "../sla/backups/places.ts";
import type { Instance } from "../sla/fleet.ts";
import type { Plan } from "../sla/plan.ts";
import type { Roles } from "../sla/roles.ts";
import type { SiteBooks } from "./site-books.ts";

/** The backups of an instance as the sites last found them. */
export interface BackupsStatus {
  /** ISO 8601: data of the newest that can be restored; absent: there is none. */
  readonly newestAt?: string;
  readonly ageSeconds?: number;
  /** How many of the places have one, and how many there are. */
  readonly places: number;
  readonly of: number;
  /** Where RDS replicates its logs to, and what the loss of the primary's region would have cost at the last look. */
  readonly logs?: { readonly to: string; readonly lossSeconds?: number };
  /** Of which people have been told, and which still last. */
  readonly troubles: readonly Trouble[];
}

interface Known {
  readonly books: readonly Pick<SiteBooks, "region" | "shelf">[];
  readonly now: Date;
}

/** Nothing where the plan has none, or no site has looked at them yet. */
export function backupsNow(
  instance: Instance,
  { backups: sold }: Plan,
  roles: Roles | undefined,
  { books, now }: Known,
): { readonly backups?: BackupsStatus } {
  const shelves = new Map(
    books.flatMap(({ region, shelf }) => (shelf ? [[region, shelf] as const] : [])),
  );
  if (!sold || !roles || shelves.size === 0) return {};
  const places = placesOf(instance, roles);
  const held = places.flatMap((place) => shelves.get(place)?.instances[instance.id]?.newest ?? []);
  const newestAt = held.toSorted().at(-1);
  const logs = logsIn(instance, shelves);
  const backups = {
    ...(newestAt !== undefined && {
      newestAt,
      ageSeconds: Math.max(0, now.getTime() - Date.parse(newestAt)) / 1000,
    }),
    places: held.length,
    of: places.length,
    ...(logs && { logs }),
    troubles: [...shelves.values()].flatMap(({ troubles }) =>
      troubles.filter((trouble) => trouble.instance === instance.id && trouble.isTold),
    ),
  };
  return { backups };
}

function logsIn({ id }: Instance, shelves: ReadonlyMap<string, ShelfState>): BackupsStatus["logs"] {
  const all = [...shelves].flatMap(([to, { instances }]) => {
    const logs = instances[id]?.logs;
    if (!logs) return [];
    return [{ to, ...(logs.lossSeconds !== undefined && { lossSeconds: logs.lossSeconds }) }];
  });
  const least = (each: NonNullable<BackupsStatus["logs"]>) =>
    each.lossSeconds ?? Number.POSITIVE_INFINITY;
  return all.toSorted((one, other) => least(one) - least(other))[0];
}
