import type { Backups, Rotation } from "../plan.ts";
import { type Day, dayName, ZoneCalendar } from "./calendar.ts";
import { type Forecast, forecast } from "./forecast.ts";
import type { Life } from "./history.ts";

/** What a plan's backups come to in the long run, if none is missed. */
export interface Outlook {
  readonly clauses: Forecast["clauses"];
  readonly broken: readonly Broken[];
  /** Most that exist at once, in one place. */
  readonly peak: number;
  /** Most that are taken within a day. */
  readonly mostADay: number;
  /** So many days the longest of them stays, if one of that age is ever deleted. */
  readonly longestDays: number | undefined;
}

/** A clause that no night went wrong for. */
export interface Broken {
  readonly clause: string;
  /** `2024-03-31`, in the zone of the question. */
  readonly date: string;
  readonly detail: string;
  /** The least there was of what the clause counts. */
  readonly least: number;
}

const DAY_MS = 86_400_000;
const MONTH_DAYS = 31;
/** Three years with a leap day and six changes of the clocks; long past, so that no zone's rules change under them. */
const FROM: Day = Date.UTC(2023, 0, 1) / DAY_MS;
const UNTIL: Day = Date.UTC(2026, 0, 1) / DAY_MS;

const known = new Map<string, Outlook>();

/** The same three years for every plan, whenever it is asked; what several plans or instances share is looked at once. */
export function threeYears(backups: Backups, timezone: string): Outlook {
  const key = JSON.stringify([backups.schedules, backups.rotation, timezone]);
  const outlook = known.get(key) ?? outlookOf(backups, timezone);
  known.set(key, outlook);
  return outlook;
}

function outlookOf(backups: Backups, timezone: string): Outlook {
  const from = FROM - daysBeforeJudged(backups.rotation);
  const { clauses, violations, lives, peak } = forecast({
    ...{ backups, timezone, from, days: UNTIL - from, missed: new Set() },
  });
  const calendar = new ZoneCalendar(timezone);
  const broken = clauses.flatMap(({ name, worst }) => {
    const first = violations.find(({ clause }) => clause === name);
    if (!first) return [];
    const date = dayName(calendar.dayOf(first.fromMs));
    return [{ clause: name, date, detail: first.detail, least: worst ?? 0 }];
  });
  const byDay = Map.groupBy(lives, ({ takenMs }) => calendar.dayOf(takenMs));
  const mostADay = Math.max(0, ...[...byDay.values()].map(({ length }) => length));
  return {
    clauses,
    broken,
    peak,
    mostADay,
    longestDays: longestOf(lives, calendar.startOf(UNTIL)),
  };
}

/** What a schedule holds for years shows no end within three: older than anything that went. */
function longestOf(lives: readonly Life[], untilMs: number): number | undefined {
  const age = ({ takenMs, removedMs = untilMs }: Life) => Math.ceil((removedMs - takenMs) / DAY_MS);
  const gone = lives.filter(({ removedMs }) => removedMs !== undefined).map(age);
  const longest = Math.max(0, ...lives.map(age));
  return longest > Math.max(0, ...gone) + MONTH_DAYS ? undefined : longest;
}

/** So early it has to begin that every clause is judged in all of the three years. */
function daysBeforeJudged(rotation: Rotation | undefined): number {
  if (!rotation) return 0;
  const { days, weeks, months, oldestMonths } = rotation;
  return Math.max(days + 7 * (weeks + 1) + 31 * (months + 1), 31 * oldestMonths);
}
