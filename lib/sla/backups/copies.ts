import type { Copy } from "./action.ts";
import type { ZoneCalendar } from "./calendar.ts";
import type { Shelved } from "./catalogue.ts";
import { isFresh } from "./dated.ts";
import { isAvailable, type Shelves } from "./keepers.ts";
import type { Retention } from "./retain.ts";
import { sort } from "./shelf.ts";

interface Wanted {
  readonly plan: Retention;
  readonly places: readonly string[];
}

/**
 * What each place needs beside what it keeps of its own. Another place may hold more for reasons of its own, or have chosen another backup
 * for the same period: if that were copied here it would go again, and be copied again.
 */
export function copiesOf(
  { plan, places }: Wanted,
  shelves: Shelves,
  calendar: ZoneCalendar,
  nowMs: number,
): Copy[] {
  return places.flatMap((to) => {
    const shelf = shelves.get(to);
    if (!shelf) return [];
    const sources = sourcesFor(shelf, shelves);
    if (sources.length === 0) return [];
    const own = withComing(shelf, shelves);
    const { spare } = sort(own, plan, calendar, nowMs);
    const given = namesOf(own).difference(namesOf(spare));
    const { whyKept } = sort([...own, ...sources], plan, calendar, nowMs, given);
    return sources.flatMap((backup) => {
      const reasons = whyKept(backup);
      return reasons ? [copy(backup, to, reasons)] : [];
    });
  });
}

/**
 * What could be copied to a place, oldest first. From the original: a copy of a copy is never incremental
 * (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html).
 */
function sourcesFor(shelf: readonly Shelved[], shelves: Shelves): readonly Shelved[] {
  const others = [...shelves.values()].filter((other) => other !== shelf).flat();
  if (others.length === 0) return [];
  const there = namesOf(shelf);
  const elsewhere = others
    .filter((backup) => isAvailable(backup) && backup.isTimed && !there.has(backup.id))
    // Originals first.
    .sort((one, other) => Number(one.isCopy) - Number(other.isCopy));
  const sources = new Map<string, Shelved>();
  for (const backup of elsewhere) {
    if (!sources.has(backup.id)) sources.set(backup.id, backup);
  }
  return [...sources.values()].sort((one, other) => one.takenMs - other.takenMs);
}

const namesOf = (backups: readonly Shelved[]) => new Set(backups.map(({ id }) => id));

/** What is on its way counts as there, else something in its stead would be sent after it. Of when it is only where it comes from says. */
function withComing(shelf: readonly Shelved[], shelves: Shelves): readonly Shelved[] {
  const coming = namesOf(shelf.filter(({ state }) => state === "making"));
  if (coming.size === 0) return shelf;
  const originals = sourcesFor([], shelves).filter(({ id }) => coming.has(id));
  return [...shelf.filter(isAvailable), ...originals];
}

function copy(backup: Shelved, to: string, reasons: readonly string[]): Copy {
  const full = backup.isCopy ? "; in full from another copy, the original is gone" : "";
  const because = `${to} lacks it: ${reasons.join(", ")}${full}`;
  return { kind: "copy", from: backup.region, to, backup, because };
}

/** A copy under way dies with its original, and may take so long. */
const COPIED_WITHIN_MS = 24 * 3_600_000;

/**
 * Names of what a place that says nothing may still need: what the plan keeps of all that is known elsewhere, and what is so young that
 * a copy may be on its way. What the plan spares has others there that serve every place as well, whatever that one holds: were it held
 * for as long as the place is silent, a region that is lost for good would fill the others.
 */
export function mayLack(
  plan: Retention,
  shelves: Shelves,
  calendar: ZoneCalendar,
  asOfMs: number,
): ReadonlySet<string> {
  const all = sourcesFor([], shelves);
  const { whyKept } = sort(all, plan, calendar, asOfMs);
  const isNeeded = (each: Shelved) =>
    asOfMs - each.takenMs < COPIED_WITHIN_MS || whyKept(each) !== undefined;
  return new Set(all.filter(isNeeded).map(({ id }) => id));
}

/** Names of the copies that each place still waits for: wanted, under way, failed, or of something that nobody can date. */
export const missingOf = (
  places: readonly string[],
  shelves: Shelves,
  copies: readonly Copy[],
): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map(
    places.map((place) => [
      place,
      new Set([
        ...copies.filter(({ to }) => to === place).map(({ backup }) => backup.id),
        ...(shelves.get(place) ?? [])
          .filter((backup) => backup.isCopy && !isAvailable(backup))
          .map(({ id }) => id),
        ...undated(shelves, place),
      ]),
    ]),
  );

/** What no plan can judge: people have to hear that it lies in one place only. */
function undated(shelves: Shelves, place: string): readonly string[] {
  const all = [...shelves.values()].flat();
  const lacksTime = (each: Shelved) => isAvailable(each) && !each.isTimed && !isFresh(each);
  const ids = all.filter(lacksTime).map(({ id }) => id);
  const here = shelves.get(place) ?? [];
  return ids.filter((id) => !here.some((backup) => backup.id === id));
}
