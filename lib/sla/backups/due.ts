import { shiftOf, type ZoneCalendar } from "./calendar.ts";
import type { Shelved } from "./catalogue.ts";
import { type Schedule, ticks } from "./schedule.ts";

const DAY_MS = 86_400_000;
/** A clock may be wrong by so much. */
const SKEW_MS = 3_600_000;

/** The last instant at which a schedule wanted a backup, in ms; undefined before its first. */
export function lastTick(
  schedule: Schedule,
  calendar: ZoneCalendar,
  nowMs: number,
): number | undefined {
  // A period and a day hold at least one, whatever the local time and the clocks do.
  const fromMs = calendar.shift(nowMs, shiftOf(schedule.every, -1)) - DAY_MS;
  return ticks(schedule, calendar, fromMs, nowMs + 1).at(-1);
}

type Served = Pick<Shelved, "schedules" | "tickMs" | "takenMs">;

/**
 * Whether a backup was made for this instant of a schedule, or for a later one: its data says so as well. One that a clock which
 * was ahead took for next year would else be the last for a year.
 */
export const serves = (
  { schedules, tickMs, takenMs }: Served,
  schedule: string,
  ms: number,
): boolean => tickMs >= ms && takenMs >= ms - SKEW_MS && schedules.includes(schedule);

export interface Due {
  /** The newest instant that wants it. */
  readonly tickMs: number;
  readonly schedules: readonly string[];
  /** The oldest instant that is still waiting for it. */
  readonly sinceMs: number;
}

/**
 * The one backup that has to be taken now, if any: for every schedule whose last instant nothing serves. Of several
 * that were missed only the last can be made up, for all alike hold what there is now.
 */
export function due(
  lastTicks: ReadonlyMap<string, number>,
  taken: readonly Served[],
): Due | undefined {
  const open = [...lastTicks].filter(
    ([name, ms]) => !taken.some((backup) => serves(backup, name, ms)),
  );
  if (open.length === 0) return undefined;
  const instants = open.map(([, ms]) => ms);
  return {
    tickMs: Math.max(...instants),
    sinceMs: Math.min(...instants),
    schedules: open.map(([name]) => name),
  };
}

export function lastTicksOf(
  schedules: readonly Schedule[],
  calendar: ZoneCalendar,
  nowMs: number,
): ReadonlyMap<string, number> {
  return new Map(
    schedules.flatMap((schedule) => {
      const ms = lastTick(schedule, calendar, nowMs);
      return ms === undefined ? [] : [[schedule.name, ms] as const];
    }),
  );
}
