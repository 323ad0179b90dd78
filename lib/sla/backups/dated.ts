import { type Day, type Month, monthOf, type Week, weekOf, type ZoneCalendar } from "./calendar.ts";

/** A full backup that can be restored. */
export interface Held {
  readonly id: string;
  /** Of its data, in ms. */
  readonly takenMs: number;
  /** Names of the schedules that it was taken for. */
  readonly schedules: readonly string[];
}

/** With the civil periods it lies in. */
export interface Dated extends Held {
  readonly day: Day;
  readonly week: Week;
  readonly month: Month;
}

export function dated(held: Held, calendar: ZoneCalendar): Dated {
  const { id, takenMs, schedules } = held;
  const day = calendar.dayOf(takenMs);
  return { id, takenMs, schedules, day, week: weekOf(day), month: monthOf(day) };
}
