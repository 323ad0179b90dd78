import { Temporal } from "temporal-polyfill";
import type { Period } from "../plan.ts";

/** Civil days since 1970-01-01, ISO weeks since the Monday before it, months since January of year 0. */
export type Day = number;
export type Week = number;
export type Month = number;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** 1970-01-01 was a Thursday. */
const FROM_MONDAY = 3;

export const weekOf = (day: Day): Week => Math.floor((day + FROM_MONDAY) / 7);
/** Its Monday. */
export const firstDayOfWeek = (week: Week): Day => week * 7 - FROM_MONDAY;

export function monthOf(day: Day): Month {
  const date = new Date(day * DAY_MS);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

export const firstDayOfMonth = (month: Month): Day =>
  Date.UTC(Math.floor(month / 12), month % 12, 1) / DAY_MS;

/** `2026-03-29` */
export const dayName = (day: Day): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** `2026-W13`: of the year that its Thursday lies in. */
export function weekName(week: Week): string {
  const thursday = firstDayOfWeek(week) + FROM_MONDAY;
  const year = new Date(thursday * DAY_MS).getUTCFullYear();
  const first = weekOf(firstDayOfMonth(year * 12) + FROM_MONDAY);
  return `${year}-W${String(week - first + 1).padStart(2, "0")}`;
}

/** `2026-03` */
export const monthName = (month: Month): string => dayName(firstDayOfMonth(month)).slice(0, 7);

/**
 * Which civil day an instant falls on in one time zone. Rules of the zone are asked for once a day that
 * occurs, not once a backup.
 */
export class ZoneCalendar {
  /** IANA name. */
  readonly timezone: string;
  readonly #starts = new Map<Day, number>();
  readonly #times = new Map<string, Map<Day, number>>();

  constructor(timezone: string) {
    this.timezone = timezone;
  }

  /** The first instant of a day, in ms: midnight, or what follows it where clocks skip that. */
  startOf(day: Day): number {
    const known = this.#starts.get(day);
    if (known !== undefined) return known;
    const start = Temporal.PlainDate.from(dayName(day)).toZonedDateTime(this.timezone);
    this.#starts.set(day, start.epochMilliseconds);
    return start.epochMilliseconds;
  }

  dayOf(ms: number): Day {
    // No zone is more than a day from UTC.
    const day = Math.floor(ms / DAY_MS);
    if (this.startOf(day + 1) <= ms) return day + 1;
    return this.startOf(day) <= ms ? day : day - 1;
  }

  /** The instant of a local time on a day; one that clocks skip is later by the gap, of one that comes twice the first. */
  at(day: Day, time: string): number {
    const known = this.#times.get(time) ?? new Map<Day, number>();
    this.#times.set(time, known);
    const ms = known.get(day) ?? this.#instantOf(day, time);
    known.set(day, ms);
    return ms;
  }

  #instantOf(day: Day, time: string): number {
    const local = Temporal.PlainDateTime.from(`${dayName(day)}T${time}`);
    return local.toZonedDateTime(this.timezone, { disambiguation: "compatible" }).epochMilliseconds;
  }

  /** The same local time so many calendar units later or, below zero, earlier; the end of a month is clamped. */
  shift(ms: number, by: Shift): number {
    if (by.hours !== undefined) return ms + by.hours * HOUR_MS;
    const day = this.dayOf(ms);
    const target = shiftDay(day, by);
    if (this.#isOrdinary(day) && this.#isOrdinary(target)) {
      return this.startOf(target) + ms - this.startOf(day);
    }
    const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(this.timezone);
    return local.add(by).epochMilliseconds;
  }

  /** Has 24 hours, so that what has passed of it is what its clocks show. */
  #isOrdinary(day: Day): boolean {
    return this.startOf(day + 1) - this.startOf(day) === DAY_MS;
  }
}

function shiftDay(day: Day, { days = 0, weeks = 0, months = 0 }: Shift): Day {
  if (months === 0) return day + days + 7 * weeks;
  const month = monthOf(day);
  const [first, next] = [firstDayOfMonth(month + months), firstDayOfMonth(month + months + 1)];
  return Math.min(first + day - firstDayOfMonth(month), next - 1) + days + 7 * weeks;
}

export interface Shift {
  readonly hours?: number;
  readonly days?: number;
  readonly weeks?: number;
  readonly months?: number;
}

/** Ends of months and changes of the clocks bring an instant no further from where the way back leads. */
const NEAR_MS = 4 * DAY_MS;

/**
 * Whether what began at an instant (ms) has lasted so long at `nowMs`. It goes forth from the beginning, as it is sold: the way back
 * from now leads elsewhere where clocks skip an hour or a month has no such day.
 */
export function pastOf(
  by: Shift,
  calendar: ZoneCalendar,
  nowMs: number,
): (beganMs: number) => boolean {
  const { hours, days = 0, weeks = 0, months = 0 } = by;
  if (hours !== undefined) return (beganMs) => beganMs + hours * HOUR_MS <= nowMs;
  const aboutMs = calendar.shift(nowMs, { days: -days, weeks: -weeks, months: -months });
  return (beganMs) =>
    Math.abs(beganMs - aboutMs) > NEAR_MS
      ? beganMs < aboutMs
      : calendar.shift(beganMs, by) <= nowMs;
}

const UNITS = { h: "hours", d: "days", w: "weeks", mo: "months" } as const;

const forward = new Map<Period, Shift>();
const back = new Map<Period, Shift>();

/** `3mo` → `{ months: 3 }`, or that much back. */
export function shiftOf(period: Period, sign: 1 | -1): Shift {
  const known = sign === 1 ? forward : back;
  const shift = known.get(period) ?? readShift(period, sign);
  known.set(period, shift);
  return shift;
}

function readShift(period: Period, sign: 1 | -1): Shift {
  const [, amount, unit] = /^(\d+)(h|d|w|mo)$/.exec(period) ?? [];
  return { [UNITS[unit as keyof typeof UNITS]]: sign * Number(amount) };
}
