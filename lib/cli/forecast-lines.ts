import { hanging } from "../operator/hanging.ts";
import {
  dayName,
  firstDayOfMonth,
  type Month,
  monthName,
  monthOf,
  ZoneCalendar,
} from "../sla/backups/calendar.ts";
import type { Clause } from "../sla/backups/clause.ts";
import type { Forecast } from "../sla/backups/forecast.ts";
import type { Storage } from "../sla/backups/storage.ts";
import { type Asked, type DayState, dayStates } from "./forecast-days.ts";
import { marginWords, worstWords } from "./forecast-words.ts";
import { storageLines } from "./storage-lines.ts";

/** More months than this do not fit on a screen; the newest are shown. */
const MONTHS = 18;
/** A violation or two say what is wrong; all of them are in the JSON. */
const SHOWN = 8;

/** The calendar as it is at the end, the clauses, the numbers; at most 80 columns. */
export function forecastLines(
  plan: string,
  asked: Asked,
  found: Forecast,
  storage: Storage,
): readonly string[] {
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
    ...storageLines(storage),
    "",
    ok ? "OK: the promise is kept all the time." : "NOT OK: the promise is not kept all the time.",
  ];
}

type DateOf = (ms: number) => string;

function datesIn(timezone: string): DateOf {
  const calendar = new ZoneCalendar(timezone);
  return (ms) => dayName(calendar.dayOf(ms));
}

function clauseLine(clause: Clause, dateOf: DateOf): string {
  const { name, ok, margin, atMs } = clause;
  const spare = margin === null ? "" : ` (margin ${marginWords(clause)})`;
  const date = atMs === null ? "" : `, ${dateOf(atMs)}`;
  return `  ${ok ? "✓" : "✗"} ${name.padEnd(10)} ${worstWords(clause)}${spare}${date}`;
}

/** One row a month, one column a day. */
function calendarLines(asked: Asked, found: Forecast): string[] {
  const { from, days } = asked;
  const stateOf = dayStates(asked, found);
  const last = monthOf(from + days - 1);
  const first = Math.max(monthOf(from), last - MONTHS + 1);
  const rows = Array.from({ length: last - first + 1 }, (_, index) => {
    const month: Month = first + index;
    const begin = firstDayOfMonth(month);
    const length = firstDayOfMonth(month + 1) - begin;
    const marks = Array.from({ length }, (_day, offset) => markOf(stateOf(begin + offset)));
    return `  ${monthName(month)} ${marks.join("")}`.trimEnd();
  });
  return [...rows, "", "  # kept (2-9: so many)  . taken and gone  - none taken  x missed"];
}

/** A letter a day. */
function markOf(state: DayState): string {
  if (typeof state === "object") return state.kept === 1 ? "#" : String(Math.min(state.kept, 9));
  return MARKS[state];
}

const MARKS = { gone: ".", none: "-", missed: "x", outside: " " } as const;
