import { shiftOf } from "./calendar.ts";
import type { Schedule } from "./schedule.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A day on which clocks go back. */
const CLOCKS_MS = HOUR_MS;

/** The longest time that the busiest of the schedules lets pass between two backups, in ms. */
export const longestGapMs = (schedules: readonly Schedule[]): number =>
  Math.min(...schedules.map(gapOf));

/** Between two instants of one schedule, at most, in ms. */
export function gapOf({ every, at }: Schedule): number {
  const { hours, days = 0, weeks = 0, months = 0 } = shiftOf(every, 1);
  if (hours !== undefined) return hours * HOUR_MS;
  const wholeDays = days + 7 * weeks + 31 * months;
  if (wholeDays > 1) return wholeDays * DAY_MS + CLOCKS_MS;
  const times = at.map(minutesOf).toSorted((one, other) => one - other);
  const gaps = times.map((time, index) => (times[index + 1] ?? (times[0] ?? 0) + 24 * 60) - time);
  return Math.max(...gaps) * 60_000 + CLOCKS_MS;
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}
