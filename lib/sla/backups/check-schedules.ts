import type { Period } from "../plan.ts";
import { type Clause, GRACE_MS, type Observed, type Violation } from "./clause.ts";
import { dueInstants, type Timetable } from "./due-instants.ts";
import type { Life } from "./history.ts";
import { LocalDays, lengthOf } from "./local-days.ts";

/** What is sold of the backups of one schedule. */
interface Sale extends Timetable {
  readonly name: string;
  readonly keep?: Period;
  /** The newest so many. */
  readonly keepNewest?: number;
}

/** Whether each backup of a schedule was there from its tick until it was so old, or so many were due after it. */
export function checkSchedule(
  schedule: Sale,
  lives: readonly Life[],
  timezone: string,
  { beganMs, untilMs }: Observed,
): { readonly clause: Clause; readonly violations: readonly Violation[] } {
  const { name } = schedule;
  const zone = new LocalDays(timezone);
  const own = lives.filter(({ schedules }) => schedules.includes(name));
  const due = isHeld(schedule) ? dueInstants(schedule, zone, beganMs, untilMs) : [];
  const found = servedBy(due, own);
  const violations = due.flatMap((tickMs, index) => {
    const goneMs = goneFrom(schedule, due, index, zone) ?? untilMs;
    const sold = { fromMs: tickMs + GRACE_MS, toMs: Math.min(goneMs, untilMs) };
    return gapsOf(name, found[index], sold);
  });
  const ok = violations.length === 0;
  const atMs = violations[0]?.fromMs ?? due[0] ?? null;
  const worst = due.length > 0 ? Number(ok) : null;
  return { clause: { name, ok, worst, margin: null, atMs }, violations };
}

/** Whether it promises anything of its own. */
export const isHeld = ({ keep, keepNewest }: Sale): boolean =>
  keep !== undefined || keepNewest !== undefined;

/** From when on nobody is sold the backup of a tick; undefined: not yet. */
function goneFrom(
  { keep, keepNewest }: Sale,
  due: readonly number[],
  index: number,
  zone: LocalDays,
): number | undefined {
  if (keep !== undefined) return zone.later(due[index] ?? 0, lengthOf(keep));
  return keepNewest === undefined ? undefined : due[index + keepNewest];
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
