import type { ZoneCalendar } from "./calendar.ts";
import type { Shelved } from "./catalogue.ts";
import { dated } from "./dated.ts";
import { isAvailable } from "./keepers.ts";
import { type Retention, retain } from "./retain.ts";

export interface Sorted {
  /** Why each that stays does. */
  readonly kept: ReadonlyMap<Shelved, readonly string[]>;
  /** Why each that may go can. */
  readonly spare: ReadonlyMap<Shelved, string>;
}

/** What a place with these backups would keep; only what can be restored counts, by the time of its data. */
export function sort(
  backups: readonly Shelved[],
  plan: Retention,
  calendar: ZoneCalendar,
  nowMs: number,
): Sorted {
  const counted = backups
    .filter((backup) => isAvailable(backup) && backup.isTimed)
    .sort((one, other) => one.takenMs - other.takenMs);
  const all = counted.map((backup) => dated(backup, calendar));
  const { kept, spare } = retain(plan, all, calendar, nowMs);
  const result = { kept: new Map<Shelved, readonly string[]>(), spare: new Map<Shelved, string>() };
  for (const [index, backup] of counted.entries()) {
    const one = all[index];
    const [reasons, because] = one ? [kept.get(one), spare.get(one)] : [];
    if (reasons) result.kept.set(backup, reasons);
    if (because !== undefined) result.spare.set(backup, because);
  }
  return result;
}
