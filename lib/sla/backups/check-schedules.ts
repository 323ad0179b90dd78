import type { ZoneCalendar } from "./calendar.ts";
import { shiftOf } from "./calendar.ts";
import type { Clause, Observed, Violation } from "./clause.ts";
import type { Life } from "./history.ts";
import type { KeptSchedule } from "./of-plan.ts";
import { ticks } from "./schedule.ts";

/** How long after its tick a backup may become available. */
const GRACE_MS = 3_600_000;

/** Whether each backup of a schedule that is kept by age was there from its tick to that age. */
export function checkSchedule(
  schedule: KeptSchedule,
  lives: readonly Life[],
  calendar: ZoneCalendar,
  { beganMs, untilMs }: Observed,
): { readonly clause: Clause; readonly violations: readonly Violation[] } {
  const { name, keep } = schedule;
  const own = lives.filter(({ schedules }) => schedules.includes(name));
  const due = keep === undefined ? [] : ticks(schedule, calendar, beganMs, untilMs);
  const found = servedBy(due, own);
  const violations = due.flatMap((tickMs, index) => {
    const goneMs = calendar.shift(tickMs, shiftOf(keep ?? "1h", 1));
    const sold = { fromMs: tickMs + GRACE_MS, toMs: Math.min(goneMs, untilMs) };
    return gapsOf(name, found[index], sold);
  });
  const ok = violations.length === 0;
  const atMs = violations[0]?.fromMs ?? due[0] ?? null;
  return { clause: { name, ok, worst: due.length > 0 ? Number(ok) : null, atMs }, violations };
}

/** For each tick the first backup from it on that comes before the next one. */
function servedBy(due: readonly number[], own: readonly Life[]): readonly (Life | undefined)[] {
  let next = 0;
  return due.map((tickMs, index) => {
    while (next < own.length && (own[next]?.takenMs ?? tickMs) < tickMs) next += 1;
    const life = own[next];
    return life && life.takenMs < (due[index + 1] ?? Number.POSITIVE_INFINITY) ? life : undefined;
  });
}

interface Sold {
  readonly fromMs: number;
  readonly toMs: number;
}

function gapsOf(clause: string, life: Life | undefined, { fromMs, toMs }: Sold): Violation[] {
  if (fromMs >= toMs) return [];
  if (!life) {
    const detail = `none of ${new Date(fromMs - GRACE_MS).toISOString()}`;
    return [{ clause, fromMs, toMs, avoidable: false, detail }];
  }
  const { id: detail, availableMs, removedMs = toMs } = life;
  return [
    ...(availableMs > fromMs
      ? [{ clause, fromMs, toMs: Math.min(availableMs, toMs), avoidable: false, detail }]
      : []),
    ...(removedMs < toMs ? [{ clause, fromMs: removedMs, toMs, avoidable: true, detail }] : []),
  ];
}
