const DAY_MS = 86_400_000;

/** `2026-10-01`, of UTC. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
/** The first instant of a day, in ms. */
export const dayStart = (day: string): number => Date.parse(`${day}T00:00:00Z`);

/** From the first to the last, both included; none if the last lies before the first. */
export function daysFrom(first: string, last: string): readonly string[] {
  const count = (dayStart(last) - dayStart(first)) / DAY_MS + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) =>
    dayOf(dayStart(first) + index * DAY_MS),
  );
}

/** Of a month, `2026-10`, in UTC: in every zone the month ends on it, or on the day after. */
export const lastDayOf = (month: string): string =>
  daysBefore(
    dayOf(Date.parse(`${month}-01T00:00:00Z`) + 32 * DAY_MS)
      .slice(0, 8)
      .concat("01"),
    1,
  );

export const nextDay = (day: string): string => dayOf(dayStart(day) + DAY_MS);

export const daysBefore = (day: string, count: number): string =>
  dayOf(dayStart(day) - count * DAY_MS);

/** The last day that had been over for so long at an instant. */
export const lastDayOver = (nowMs: number, settlingMs: number): string =>
  dayOf(nowMs - settlingMs - DAY_MS);
