import { type Day, ZoneCalendar } from "../sla/backups/calendar.ts";
import type { Forecast } from "../sla/backups/forecast.ts";

export interface Asked {
  /** IANA name. */
  readonly timezone: string;
  readonly from: Day;
  readonly days: number;
  readonly miss: readonly Day[];
}

/** What became of a day's backups, as it is at the end. */
export type DayState = { readonly kept: number } | "gone" | "none" | "missed" | "outside";

export function dayStates(
  { from, days, miss, timezone }: Asked,
  { lives }: Pick<Forecast, "lives">,
): (day: Day) => DayState {
  const calendar = new ZoneCalendar(timezone);
  const byDay = Map.groupBy(lives, ({ takenMs }) => calendar.dayOf(takenMs));
  const missed = new Set(miss);
  return (day) => {
    if (day < from || day >= from + days) return "outside";
    const all = byDay.get(day) ?? [];
    const kept = all.filter(({ removedMs }) => removedMs === undefined).length;
    if (kept > 0) return { kept };
    if (missed.has(day)) return "missed";
    return all.length > 0 ? "gone" : "none";
  };
}
