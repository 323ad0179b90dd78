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

/** What each place lacks of what it would keep. */
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
    const { whyKept } = sort([...shelf, ...sources], plan, calendar, nowMs);
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
  const there = new Set(shelf.map(({ id }) => id));
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

function copy(backup: Shelved, to: string, reasons: readonly string[]): Copy {
  const full = backup.isCopy ? "; in full from another copy, the original is gone" : "";
  const because = `${to} lacks it: ${reasons.join(", ")}${full}`;
  return { kind: "copy", from: backup.region, to, backup, because };
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
