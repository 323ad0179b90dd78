import { shiftOf, type ZoneCalendar } from "./calendar.ts";
import { type Schedule, ticks } from "./schedule.ts";

const DAY_MS = 86_400_000;

/**
 * Until when nothing that follows from calendars can become necessary, in ms: the next instant of a schedule, or the next
 * midnight, at which backups leave their windows.
 */
export function quietUntil(
  schedules: readonly Schedule[],
  calendar: ZoneCalendar,
  nowMs: number,
): number {
  const midnight = calendar.startOf(calendar.dayOf(nowMs) + 1);
  return Math.min(midnight, ...schedules.flatMap((each) => nextTick(each, calendar, nowMs) ?? []));
}

function nextTick(schedule: Schedule, calendar: ZoneCalendar, nowMs: number): number | undefined {
  // What comes after the next midnight does not matter.
  const untilMs = Math.min(calendar.shift(nowMs, shiftOf(schedule.every, 1)), nowMs + DAY_MS);
  return ticks(schedule, calendar, nowMs + 1, untilMs + DAY_MS)[0];
}
