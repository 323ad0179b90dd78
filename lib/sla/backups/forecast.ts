import type { Backups } from "../plan.ts";
import { type Day, dayName, ZoneCalendar } from "./calendar.ts";
import { checkHistory } from "./check-history.ts";
import { checkNewest } from "./check-newest.ts";
import { checkSchedule, isHeld } from "./check-schedules.ts";
import type { Clause, Violation } from "./clause.ts";
import { dueInstants } from "./due-instants.ts";
import type { ReasonedLife } from "./history.ts";
import { LocalDays } from "./local-days.ts";
import { backupPlanOf } from "./of-plan.ts";
import { simulate } from "./simulate.ts";

export interface Question {
  readonly backups: Backups;
  /** IANA name. */
  readonly timezone: string;
  /** The first local day, and how many. */
  readonly from: Day;
  readonly days: number;
  readonly missed: ReadonlySet<Day>;
}

/** What a plan's backups come to, and whether that is what was sold. */
export interface Forecast {
  readonly lives: readonly ReasonedLife[];
  readonly beganMs: number;
  readonly untilMs: number;
  readonly ok: boolean;
  readonly clauses: readonly Clause[];
  readonly violations: readonly Violation[];
  /** Most backups that exist at once. */
  readonly peak: number;
  /** Of the oldest at the end, in whole days. */
  readonly oldestDays: number;
}

/** How long a backup takes here until it can be restored; how long it really takes, the size decides. */
const DURATION_MS = 15 * 60_000;
const DAY_MS = 86_400_000;

export function forecast({ backups, timezone, from, days, missed }: Question): Forecast {
  const calendar = new ZoneCalendar(timezone);
  const plan = backupPlanOf(backups);
  const when = { beganMs: calendar.startOf(from), untilMs: calendar.startOf(from + days) };
  const lives = simulate(
    { schedules: plan.schedules, retention: plan, ...when, missed, durationMs: DURATION_MS },
    calendar,
  );
  const zone = new LocalDays(timezone);
  const due = plan.schedules
    .flatMap((schedule) => dueInstants(schedule, zone, when.beganMs, when.untilMs))
    .toSorted((one, other) => one - other);
  const apart = [
    checkNewest({ due, durationMs: DURATION_MS }, lives, when),
    ...plan.schedules
      .filter(isHeld)
      .map((schedule) => checkSchedule(schedule, lives, timezone, when)),
  ];
  const sentence = plan.rotation && checkHistory({ ...plan.rotation, timezone }, lives, when);
  const clauses = [...(sentence?.clauses ?? []), ...apart.map(({ clause }) => clause)];
  const violations = [
    ...(sentence?.violations ?? []),
    ...apart.flatMap((found) => found.violations),
  ].toSorted((one, other) => one.fromMs - other.fromMs);
  return {
    ...{ lives, ...when, ok: violations.length === 0, clauses, violations },
    peak: peakOf(lives),
    oldestDays: oldestOf(lives, when.untilMs),
  };
}

function peakOf(lives: readonly ReasonedLife[]): number {
  const changes = lives.flatMap(({ availableMs, removedMs = Number.POSITIVE_INFINITY }) => [
    { ms: availableMs, by: 1 },
    { ms: removedMs, by: -1 },
  ]);
  changes.sort((one, other) => one.ms - other.ms || one.by - other.by);
  let live = 0;
  return changes.reduce((most, { by }) => {
    live += by;
    return Math.max(most, live);
  }, 0);
}

function oldestOf(lives: readonly ReasonedLife[], untilMs: number): number {
  const oldest = lives.find(({ removedMs }) => removedMs === undefined);
  return oldest ? Math.floor((untilMs - oldest.takenMs) / DAY_MS) : 0;
}

/** The day of a date. Throws RangeError if there is no such date. */
export function dayOfDate(date: string): Day {
  const ms = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(ms) || dayName(ms / DAY_MS) !== date) {
    throw new RangeError(`'${date}' is no date: expected one like 2026-02-28`);
  }
  return ms / DAY_MS;
}
