import { type Day, type Month, monthOf, type Week, weekOf, type ZoneCalendar } from "./calendar.ts";
import { FRESH } from "./schedule.ts";

/** A full backup that can be restored. */
export interface Held {
  readonly id: string;
  /** Of its data, in ms. */
  readonly takenMs: number;
  /** Names of the schedules that it was taken for. */
  readonly schedules: readonly string[];
}

/** Taken for a dump alone: it stands for nothing that was sold. */
export const isFresh = ({ schedules }: Pick<Held, "schedules">): boolean =>
  schedules.every((name) => name === FRESH);

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
