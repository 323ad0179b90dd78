import { Temporal } from "temporal-polyfill";
import type { Period } from "../plan.ts";

/** Days since 1970-01-01. */
export type CivilDay = number;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** 1970-01-05 */
const A_MONDAY: CivilDay = 4;

/** `2026-03-29` */
export const isoDay = (day: CivilDay): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** The day itself if it is one. */
export const nextMonday = (day: CivilDay): CivilDay => day + ((((A_MONDAY - day) % 7) + 7) % 7);

/** The first of the month that lies so many months later. */
export function firstOfMonth(day: CivilDay, later: number): CivilDay {
  const date = new Date(day * DAY_MS);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later, 1) / DAY_MS;
}

/** What a period is: `3mo` → `{ months: 3 }`. */
export interface Length {
  readonly hours?: number;
  readonly days?: number;
  readonly weeks?: number;
  readonly months?: number;
}

export function lengthOf(period: Period): Length {
  const amount = Number.parseInt(period, 10);
  if (period.endsWith("mo")) return { months: amount };
  if (period.endsWith("w")) return { weeks: amount };
  return period.endsWith("d") ? { days: amount } : { hours: amount };
}

/** Midnights of one time zone; each is asked for once. */
export class LocalDays {
  readonly #timezone: string;
  readonly #midnights = new Map<CivilDay, number>();

  constructor(timezone: string) {
    this.#timezone = timezone;
  }

  day(ms: number): CivilDay {
    // Clocks of no zone are a whole day off.
    let day = Math.floor(ms / DAY_MS) + 1;
    while (this.midnight(day) > ms) day -= 1;
    return day;
  }

  /** The instant of a local time, `07:00`; a time that clocks skip is later by as much, of one that comes twice the first counts. */
  at(day: CivilDay, time: string): number {
    if (this.midnight(day + 1) - this.midnight(day) === DAY_MS) {
      const [hours = 0, minutes = 0] = time.split(":").map(Number);
      return this.midnight(day) + (hours * 60 + minutes) * 60_000;
    }
    const local = Temporal.PlainDateTime.from(`${isoDay(day)}T${time}`);
    return local.toZonedDateTime(this.#timezone).epochMilliseconds;
  }

  midnight(day: CivilDay): number {
    const known = this.#midnights.get(day);
    if (known !== undefined) return known;
    const date = Temporal.PlainDate.from(isoDay(day));
    const ms = date.toZonedDateTime(this.#timezone).epochMilliseconds;
    this.#midnights.set(day, ms);
    return ms;
  }

  monthsLater(ms: number, months: number): number {
    return this.later(ms, { months });
  }

  /** At the same local time, the end of a month clamped; hours are hours that pass. */
  later(ms: number, length: Length): number {
    if (length.hours !== undefined) return ms + length.hours * HOUR_MS;
    const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(this.#timezone);
    return local.add(length).epochMilliseconds;
  }
}
