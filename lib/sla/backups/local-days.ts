import { Temporal } from "temporal-polyfill";

/** Days since 1970-01-01. */
export type CivilDay = number;

const DAY_MS = 86_400_000;
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

/** Midnights of one time zone; each is asked for once. */
export class LocalDays {
  readonly #timezone: string;
  readonly #midnights = new Map<CivilDay, number>();

  constructor(timezone: string) {
    this.#timezone = timezone;
  }

  day(ms: number): CivilDay {
    return Date.parse(this.#local(ms).toPlainDate().toString()) / DAY_MS;
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
    return this.#local(ms).add({ months }).epochMilliseconds;
  }

  #local(ms: number) {
    return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(this.#timezone);
  }
}
