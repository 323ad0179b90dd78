import type { Period } from "../plan.ts";
import { type CivilDay, type LocalDays, lengthOf, nextMonday } from "./local-days.ts";

/** What a plan says about when backups are due. */
export interface Timetable {
  readonly every: Period;
  /** Local times of a day, `07:00`; of days, weeks and months only. */
  readonly at: readonly string[];
}

const HOUR_MS = 3_600_000;
/** 2001-01-01, a Monday: all steps are counted from there. */
const EPOCH: CivilDay = 11_323;
const EPOCH_MONTHS = 2001 * 12;

/** Instants in ms in `[fromMs, toMs)`, in order. Written against the docs of plans, apart from what takes the backups. */
export function dueInstants(
  { every, at }: Timetable,
  zone: LocalDays,
  fromMs: number,
  toMs: number,
): readonly number[] {
  const { hours } = lengthOf(every);
  const found: number[] = [];
  if (hours !== undefined) {
    const [stepMs, epochMs] = [hours * HOUR_MS, zone.midnight(EPOCH)];
    const firstMs = fromMs + ((((epochMs - fromMs) % stepMs) + stepMs) % stepMs);
    for (let ms = firstMs; ms < toMs; ms += stepMs) found.push(ms);
    return found;
  }
  const times = at.toSorted();
  for (let day = zone.day(fromMs); zone.midnight(day) < toMs; day += 1) {
    if (!isDue(day, every)) continue;
    // Times of a day that a zone leaves out are those of the next; two that fall together on one day are two.
    const before = found.at(-1) ?? Number.NEGATIVE_INFINITY;
    found.push(...times.map((time) => zone.at(day, time)).filter((ms) => ms > before));
  }
  return found.filter((ms) => ms >= fromMs && ms < toMs);
}

function isDue(day: CivilDay, every: Period): boolean {
  const { days, weeks, months } = lengthOf(every);
  if (days !== undefined) return (day - EPOCH) % days === 0;
  if (weeks !== undefined) return day === nextMonday(day) && (day - EPOCH) % (7 * weeks) === 0;
  const date = new Date(day * 86_400_000);
  const since = date.getUTCFullYear() * 12 + date.getUTCMonth() - EPOCH_MONTHS;
  return date.getUTCDate() === 1 && since % (months ?? 1) === 0;
}
