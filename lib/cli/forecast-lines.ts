import { hanging } from "../operator/hanging.ts";
import {
  type Day,
  dayName,
  firstDayOfMonth,
  type Month,
  monthName,
  monthOf,
  ZoneCalendar,
} from "../sla/backups/calendar.ts";
import type { Clause } from "../sla/backups/clause.ts";
import type { Forecast } from "../sla/backups/forecast.ts";

interface Asked {
  readonly timezone: string;
  readonly from: Day;
  readonly days: number;
  readonly miss: readonly Day[];
}

/** More months than this do not fit on a screen; the newest are shown. */
const MONTHS = 18;
/** A violation or two say what is wrong; all of them are in the JSON. */
const SHOWN = 8;

/** The calendar as it is at the end, the clauses, the numbers; at most 80 columns. */
export function forecastLines(plan: string, asked: Asked, found: Forecast): readonly string[] {
  const { from, days, timezone } = asked;
  const { peak, oldestDays, ok, violations } = found;
  const dateOf = datesIn(timezone);
  const live = found.lives.filter(({ removedMs }) => removedMs === undefined).length;
  return [
    `${plan}, ${dayName(from)} to ${dayName(from + days - 1)}, ${timezone}`,
    "",
    ...calendarLines(asked, found),
    "",
    ...found.clauses.map((clause) => clauseLine(clause, dateOf)),
    ...violations
      .slice(0, SHOWN)
      .flatMap(({ clause, fromMs, toMs, avoidable, detail }) =>
        hanging(
          "    ",
          `${clause} broken ${dateOf(fromMs)} to ${dateOf(toMs)}: ${detail}${avoidable ? "" : " (unavoidable)"}`,
        ),
      ),
    ...(violations.length > SHOWN ? [`    and ${violations.length - SHOWN} more: --json`] : []),
    "",
    `  ${live} backups at the end, ${peak} at most, the oldest ${oldestDays} days old`,
    "",
    ok ? "OK: the promise is kept all the time." : "NOT OK: the promise is not kept all the time.",
  ];
}

type DateOf = (ms: number) => string;

function datesIn(timezone: string): DateOf {
  const calendar = new ZoneCalendar(timezone);
  return (ms) => dayName(calendar.dayOf(ms));
}

function clauseLine({ name, ok, worst, margin, atMs }: Clause, dateOf: DateOf): string {
  const mark = `  ${ok ? "✓" : "✗"} ${name.padEnd(10)}`;
  if (worst === null || atMs === null) return `${mark} not judged yet`;
  return `${mark} ${worstWords(name, worst, margin)} ${dateOf(atMs)}`;
}

/** Of a schedule there is nothing to count: all that it sells was there, or not. */
function worstWords(name: string, worst: number, margin: number | null): string {
  if (margin === null) return worst > 0 ? "all there from" : "first one missing on";
  if (name === "newest") return `at most ${hours(worst)} old (margin ${hours(margin)}),`;
  return `least ${worst}${name === "age" ? " days" : ""} (margin ${margin}),`;
}

const hours = (minutes: number) =>
  `${Math.trunc(minutes / 60)} h ${String(Math.abs(minutes % 60)).padStart(2, "0")}`;

/** One row a month, one column a day. */
function calendarLines(asked: Asked, found: Forecast): string[] {
  const { from, days } = asked;
  const mark = markerOf(asked, found);
  const last = monthOf(from + days - 1);
  const first = Math.max(monthOf(from), last - MONTHS + 1);
  const rows = Array.from({ length: last - first + 1 }, (_, index) => {
    const month: Month = first + index;
    const begin = firstDayOfMonth(month);
    const length = firstDayOfMonth(month + 1) - begin;
    const marks = Array.from({ length }, (_day, offset) => mark(begin + offset));
    return `  ${monthName(month)} ${marks.join("")}`.trimEnd();
  });
  return [...rows, "", "  # kept (2-9: so many)  . taken and gone  - none taken  x missed"];
}

function markerOf({ from, days, miss, timezone }: Asked, { lives }: Forecast) {
  const calendar = new ZoneCalendar(timezone);
  const byDay = Map.groupBy(lives, ({ takenMs }) => calendar.dayOf(takenMs));
  const missed = new Set(miss);
  return (day: Day): string => {
    if (day < from || day >= from + days) return " ";
    const all = byDay.get(day) ?? [];
    const kept = all.filter(({ removedMs }) => removedMs === undefined).length;
    return kept > 0 ? keptMark(kept) : goneMark(all.length, missed.has(day));
  };
}

const keptMark = (kept: number) => (kept === 1 ? "#" : String(Math.min(kept, 9)));

function goneMark(taken: number, isMissed: boolean): string {
  if (isMissed) return "x";
  return taken > 0 ? "." : "-";
}
