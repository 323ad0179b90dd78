import type { ZoneCalendar } from "./calendar.ts";
import type { Shelved } from "./catalogue.ts";
import { type Dated, dated, isFresh } from "./dated.ts";
import { isAvailable } from "./keepers.ts";
import { decide, type Retention } from "./retain.ts";

export interface Sorted {
  /** Why one that stays does; undefined of one that may go, or does not count. */
  readonly whyKept: (backup: Shelved) => readonly string[] | undefined;
  readonly spare: readonly Shelved[];
  /** Why one that may go can. */
  readonly whySpare: (backup: Shelved) => string;
}

/**
 * What a place with these backups would keep; only what can be restored counts, by the time of its data, and nothing that was taken for a dump alone.
 * `given` are names of those that it keeps whatever the others are.
 */
export function sort(
  backups: readonly Shelved[],
  plan: Retention,
  calendar: ZoneCalendar,
  nowMs: number,
  given: ReadonlySet<string> = new Set(),
): Sorted {
  const counted = backups
    .filter((backup) => isAvailable(backup) && backup.isTimed && !isFresh(backup))
    .sort((one, other) => one.takenMs - other.takenMs);
  const all = counted.map((backup) => dated(backup, calendar));
  const isGiven = ({ id }: Dated) => given.has(id);
  const { kept, whyKept, whySpare } = decide(plan, all, calendar, nowMs, isGiven);
  const datedOf = (backup: Shelved): Dated | undefined => all[counted.indexOf(backup)];
  return {
    whyKept(backup) {
      const one = datedOf(backup);
      return one && kept.has(one) ? whyKept(one) : undefined;
    },
    spare: counted.filter((_, index) => {
      const one = all[index];
      return one !== undefined && !kept.has(one);
    }),
    whySpare(backup) {
      const one = datedOf(backup);
      if (one) return whySpare(one);
      throw new RangeError(`${backup.id} is not among those that were sorted`);
    },
  };
}
