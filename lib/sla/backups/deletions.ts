import type { Delete, Finding } from "./action.ts";
import type { ZoneCalendar } from "./calendar.ts";
import type { Shelved } from "./catalogue.ts";
import { spareFresh } from "./fresh.ts";
import { isAvailable, type Surroundings, whyKept } from "./keepers.ts";
import type { Retention } from "./retain.ts";
import { sort } from "./shelf.ts";

interface Wanted {
  readonly instance: string;
  readonly plan: Retention;
  readonly allowedDeletions?: number;
  readonly dumpedIn?: string;
}

export interface Deletions {
  readonly actions: readonly Delete[];
  readonly findings: readonly Finding[];
}

/** What one place has too much of at `asOfMs`: all of it, or nothing and a question where that is too much at once. */
export function deletionsOf(
  shelf: readonly Shelved[],
  { instance, plan, allowedDeletions = 0, dumpedIn }: Wanted,
  around: Surroundings,
  calendar: ZoneCalendar,
  asOfMs: number | undefined,
): Deletions {
  if (asOfMs === undefined) return { actions: brokenOf(shelf), findings: [] };
  const sorted = sort(shelf, plan, calendar, asOfMs);
  const spare = [
    ...sorted.spare.map((backup) => ({ backup, because: () => sorted.whySpare(backup) })),
    ...spareFresh(shelf, around.shelves, dumpedIn, asOfMs),
  ]
    .filter(({ backup }) => whyKept(backup, around) === undefined)
    .map(({ backup, because }): Delete => ({ kind: "delete", backup, because: because() }));
  const available = shelf.filter(isAvailable).length;
  const [first] = spare;
  if (!first || spare.length <= Math.max(bound(available), allowedDeletions)) {
    return { actions: [...brokenOf(shelf), ...spare], findings: [] };
  }
  const { region } = first.backup;
  const detail = `${spare.length} of ${available} backups would be deleted at once, more than a rotation does`;
  const held = { kind: "deletions-held", instance, region, detail, patienceMs: 0 } as const;
  return { actions: brokenOf(shelf), findings: [{ ...held, deletions: spare.length }] };
}

/** A plan that was mistyped, a clock that is wrong, a catalogue that lies: all of them delete many at once. */
export const bound = (available: number): number => Math.max(3, Math.ceil(available / 4));

/** A failed one holds nothing, and its name is in the way of the next; of one that has been restored that is a lie. */
const brokenOf = (shelf: readonly Shelved[]): Delete[] =>
  shelf
    .filter(({ state, isHeld, verifiedMs }) => state === "failed" && !isHeld && !verifiedMs)
    .map((backup) => ({
      kind: "delete",
      backup,
      because: `${backup.isCopy ? "its copy" : "it"} failed and holds nothing`,
    }));
