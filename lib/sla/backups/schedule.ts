import type { Period } from "../plan.ts";
import {
  type Day,
  firstDayOfMonth,
  firstDayOfWeek,
  monthOf,
  shiftOf,
  weekOf,
  type ZoneCalendar,
} from "./calendar.ts";

/** When backups are taken. */
export interface Schedule {
  readonly name: string;
  readonly every: Period;
  /** Local times of a day, `07:00`; of days, weeks and months only. */
  readonly at: readonly string[];
}

/** Stands in the place of a schedule where a person wanted a backup of now, for a dump; no plan has one of this name. */
export const FRESH = "fresh";

/** A person wants a dump of what there is now. */
export interface FreshWish {
  /** In whole seconds, and no whole minute: instants of schedules are. */
  readonly askedMs: number;
}

/** A database of which no backup can be taken for so long has another trouble. */
export const TAKEN_WITHIN_MS = 6 * 3_600_000;
/** A full copy of a large database takes many hours, its restore and its dump likewise. */
export const FRESH_WITHIN_MS = 48 * 3_600_000;

/** Unless a schedule says otherwise: quiet, and in no zone's change of the clocks. */
export const AT = "04:00";

const HOUR_MS = 3_600_000;
/** A Monday in winter, as far as clocks of the north go: hours are counted from its beginning. */
const ANCHOR: Day = Date.UTC(2001, 0, 1) / 86_400_000;

/**
 * Instants in ms in `[fromMs, toMs)` at which a schedule wants a backup, in order. Hours are hours that pass, so that
 * none is skipped or doubled and no gap is longer when clocks change; days, weeks and months follow the local calendar.
 */
export function ticks(
  { every, at }: Schedule,
  calendar: ZoneCalendar,
  fromMs: number,
  toMs: number,
): readonly number[] {
  const { hours, days, weeks, months } = shiftOf(every, 1);
  if (hours !== undefined) return hourTicks(hours * HOUR_MS, calendar, fromMs, toMs);
  const isDue = (day: Day) =>
    (days !== undefined && (day - ANCHOR) % days === 0) ||
    (weeks !== undefined && isFirstOfWeeks(day, weeks)) ||
    (months !== undefined && isFirstOfMonths(day, months));
  const found: number[] = [];
  for (let day = calendar.dayOf(fromMs); calendar.startOf(day) < toMs; day += 1) {
    if (isDue(day)) found.push(...at.map((time) => calendar.at(day, time)));
  }
  return found.filter((ms) => ms >= fromMs && ms < toMs).toSorted((one, other) => one - other);
}

function hourTicks(
  everyMs: number,
  calendar: ZoneCalendar,
  fromMs: number,
  toMs: number,
): readonly number[] {
  const anchor = calendar.startOf(ANCHOR);
  const first = anchor + Math.ceil((fromMs - anchor) / everyMs) * everyMs;
  const number = Math.max(0, Math.ceil((toMs - first) / everyMs));
  return Array.from({ length: number }, (_, index) => first + index * everyMs);
}

const isFirstOfWeeks = (day: Day, weeks: number) =>
  firstDayOfWeek(weekOf(day)) === day && (weekOf(day) - weekOf(ANCHOR)) % weeks === 0;

const isFirstOfMonths = (day: Day, months: number) =>
  firstDayOfMonth(monthOf(day)) === day && (monthOf(day) - monthOf(ANCHOR)) % months === 0;
