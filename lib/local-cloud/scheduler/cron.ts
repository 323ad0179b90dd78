import { dayOfMonthRule, dayOfWeekRule } from "./cron-day.ts";
import { FIELDS, valuesOf } from "./cron-field.ts";
import { asUtc, instantOf, type WallTime, wallTime } from "./zone.ts";

/** The next instant strictly after one, both in milliseconds; undefined if there is none. */
export type Timetable = (afterMs: number) => number | undefined;

/** No clock is ever put forward or back by more. */
const LARGEST_SHIFT_MS = 3 * 3_600_000;

/** AWS's six fields: minutes, hours, day of month, month, day of week, year. Throws RangeError. */
export function cron(text: string, zone: string): Timetable {
  const fields = text.trim().split(/\s+/);
  const [minutes = "", hours = "", dayOfMonth = "", month = "", dayOfWeek = "", year = ""] = fields;
  if (fields.length !== 6) throw new RangeError(`expected six fields, got ${fields.length}`);
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) {
    throw new RangeError("expected '?' in exactly one of day of month and day of week");
  }
  const rules = [dayOfMonthRule(dayOfMonth), dayOfWeekRule(dayOfWeek)];
  const months = valuesOf(month, FIELDS.month);
  const years = valuesOf(year, FIELDS.year);
  const times = timesOfDay(valuesOf(hours, FIELDS.hours), valuesOf(minutes, FIELDS.minutes));
  const lastYear = Math.max(...years);
  return (afterMs) => {
    const after = wallTime(afterMs, zone);
    for (const date of datesFrom(after, lastYear)) {
      const due = years.has(date.year) && months.has(date.month);
      if (!due || !rules.every((rule) => rule(date.year, date.month, date.day))) continue;
      const instant = firstAfter(afterMs, asUtc(after), date, times, zone);
      if (instant !== undefined) return instant;
    }
    return undefined;
  };
}

type TimeOfDay = Pick<WallTime, "hour" | "minute">;

const timesOfDay = (hours: ReadonlySet<number>, minutes: ReadonlySet<number>): TimeOfDay[] =>
  [...hours]
    .sort((a, b) => a - b)
    .flatMap((hour) => [...minutes].sort((a, b) => a - b).map((minute) => ({ hour, minute })));

function firstAfter(
  afterMs: number,
  afterWall: number,
  date: Pick<WallTime, "year" | "month" | "day">,
  times: readonly TimeOfDay[],
  zone: string,
): number | undefined {
  for (const time of times) {
    const wall = { ...date, ...time, second: 0 };
    if (asUtc(wall) < afterWall - LARGEST_SHIFT_MS) continue;
    const instant = instantOf(wall, zone);
    if (instant !== undefined && instant > afterMs) return instant;
  }
  return undefined;
}

/** Nine years reach the next 29 February from any day, also across a century without one. */
function* datesFrom({ year, month, day }: WallTime, lastYear: number) {
  const end = Math.min(lastYear, year + 9);
  for (let at = new Date(Date.UTC(year, month - 1, day)); at.getUTCFullYear() <= end; ) {
    yield { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
    at = new Date(at.getTime() + 86_400_000);
  }
}
