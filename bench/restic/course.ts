import { ZoneCalendar } from "../../lib/sla/backups/calendar.ts";
import type { Findings } from "../../lib/sla/backups/check-history.ts";
import { checkHistory } from "../../lib/sla/backups/check-history.ts";
import type { Life } from "../../lib/sla/backups/history.ts";
import { simulate } from "../../lib/sla/backups/simulate.ts";
import type { Rotation } from "../../lib/sla/plan.ts";
import { type Keep, kept } from "./rule.ts";

/** 14 full backups for at least 3 months: daily for 7 days, weekly for 4 weeks, monthly for 3 months. */
export const SENTENCE: Rotation = {
  ...{ perDay: 1, days: 7, weeks: 4, months: 3, count: 14, oldestMonths: 3 },
};
/** The same numbers, as one would say them to restic. */
export const USUAL: Keep = { daily: 7, weekly: 4, monthly: 3, givesRestToOldest: false };

const DAY_MS = 86_400_000;
const BEGAN_MS = Date.UTC(2024, 0, 1);
const AT_MS = 4 * 3_600_000;
const DURATION_MS = 15 * 60_000;

/** Daily ones at 04:00 UTC. */
export const instants = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, day) => BEGAN_MS + day * DAY_MS + AT_MS);

/** A deletion each day, as soon as its backup is there. */
export function forgottenDaily(takenMs: readonly number[], keep: Keep): readonly Life[] {
  const removed = new Map<number, number>();
  let live: readonly number[] = [];
  for (const ms of takenMs) {
    const all = [...live, ms];
    const staying = kept(all, keep);
    for (const each of all) if (!staying.has(each)) removed.set(each, ms + DURATION_MS);
    live = all.filter((each) => staying.has(each));
  }
  return takenMs.map((ms) => {
    const removedMs = removed.get(ms);
    const life = { id: `${ms}`, takenMs: ms, availableMs: ms + DURATION_MS, schedules: [] };
    return removedMs === undefined ? life : { ...life, removedMs };
  });
}

/** The same backups, rotated by us. */
export function rotatedDaily(count: number): readonly Life[] {
  const schedule = { name: "daily", every: "1d", at: ["04:00"] } as const;
  return simulate(
    {
      ...{ schedules: [schedule], retention: { rotation: SENTENCE, schedules: [] } },
      ...observed(count),
      ...{ missed: new Set(), durationMs: DURATION_MS },
    },
    new ZoneCalendar("UTC"),
  );
}

const observed = (count: number) => ({ beganMs: BEGAN_MS, untilMs: BEGAN_MS + count * DAY_MS });

export const judged = (lives: readonly Life[]): Findings =>
  checkHistory({ ...SENTENCE, timezone: "UTC" }, lives, observed(lives.length));

/** Days of a clause that were broken, all of its periods together. */
export function brokenDays({ violations }: Findings, name: string): number {
  const own = violations
    .filter(({ clause }) => clause === name)
    .toSorted((one, other) => one.fromMs - other.fromMs);
  let [ms, untilMs] = [0, 0];
  for (const { fromMs, toMs } of own) {
    ms += Math.max(0, toMs - Math.max(fromMs, untilMs));
    untilMs = Math.max(untilMs, toMs);
  }
  return ms / DAY_MS;
}
