import type { Roles } from "../roles.ts";
import type { Finding } from "./action.ts";
import type { Shelved } from "./catalogue.ts";
import type { Shelves } from "./keepers.ts";

/** Databases that were primaries before, and until when at the latest, in ms. */
export interface Former {
  readonly databases: ReadonlySet<string>;
  readonly untilMs: number;
}

export function formerOf({ former = [], promotedAt, primary }: Roles): Former | undefined {
  if (promotedAt === undefined) return undefined;
  const names = former.map(({ database }) => database).filter((each) => each !== primary.database);
  return { databases: new Set(names), untilMs: Date.parse(promotedAt) };
}

/**
 * Without what a site that did not know the new roles took of an old primary after its time: it holds what its clients never
 * lost and the others never had, but not what was sold.
 */
export function withoutStale(
  shelves: Shelves,
  former: Former | undefined,
): { readonly shelves: Shelves; readonly findings: readonly Finding[] } {
  if (!former) return { shelves, findings: [] };
  const isStale = ({ database, tickMs }: Shelved) =>
    database !== undefined && former.databases.has(database) && tickMs > former.untilMs;
  const stale = [...shelves.values()].flat().filter(isStale);
  if (stale.length === 0) return { shelves, findings: [] };
  return {
    shelves: new Map(
      [...shelves].map(([region, shelf]) => [region, shelf.filter((each) => !isStale(each))]),
    ),
    findings: stale.map(({ id, instance, region, database }) => ({
      ...({ kind: "of-old-primary", instance, region, patienceMs: 0 } as const),
      detail: `${id} is of ${database}, which was no longer the primary: it is not counted and not deleted`,
    })),
  };
}
