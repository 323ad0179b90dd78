import { Temporal } from "temporal-polyfill";
import type { Rotation } from "../plan.ts";
import type { Life } from "./history.ts";

/**
 * Whether a history of backups kept the sentence of a rotation. Written against the sentence alone: it shares no
 * code with what decides the deletions.
 */
export interface Sentence extends Rotation {
  /** IANA name. */
  readonly timezone: string;
}

export interface Violation {
  /** Of a rotation, or the name of a schedule. */
  readonly clause: string;
  /** In ms; `toMs` excluded. */
  readonly fromMs: number;
  readonly toMs: number;
  /** A backup that would have kept it had been taken, and was deleted. */
  readonly avoidable: boolean;
  readonly detail: string;
}

export interface Clause {
  readonly name: string;
  readonly ok: boolean;
  /** The least there was: backups in a period or in all, or days of age; null: never judged. */
  readonly worst: number | null;
  /** When, in ms. */
  readonly atMs: number | null;
}

type ClauseName = "days" | "weeks" | "months" | "count" | "age";

export interface Findings {
  readonly ok: boolean;
  readonly clauses: readonly Clause[];
  readonly violations: readonly Violation[];
}

interface Observed {
  /** Of the instance: nothing before it is judged. */
  readonly beganMs: number;
  readonly untilMs: number;
}

/** Judges every instant from the beginning on. `lives` in any order. */
export function checkHistory(
  sentence: Sentence,
  lives: readonly Life[],
  { beganMs, untilMs }: Observed,
): Findings {
  const zone = new Zone(sentence.timezone);
  const began = zone.date(beganMs);
  // The first day that lies wholly behind the beginning.
  const first = zone.midnight(began) === beganMs ? began : began.add({ days: 1 });
  const byDay = Map.groupBy(lives, ({ takenMs }) => zone.date(takenMs).toString());
  const duties = [
    ...dayDuties(sentence, first, zone, untilMs),
    ...weekDuties(sentence, first, zone, untilMs),
    ...monthDuties(sentence, first, zone, untilMs),
  ];
  const findings = [
    ...duties.map((duty) => onDuty(duty, livesIn(duty, byDay), untilMs)),
    ...countFindings(sentence, lives, untilMs),
    ...ageFindings(sentence, lives, zone, untilMs),
  ];
  const violations = findings
    .flatMap(({ violations: found }) => found)
    .toSorted((one, other) => one.fromMs - other.fromMs);
  const clauses = CLAUSES.map((name) =>
    clauseOf(
      name,
      findings.filter(({ clause }) => clause === name),
    ),
  );
  return { ok: violations.length === 0, clauses, violations };
}

function livesIn({ first, end }: Duty, byDay: ReadonlyMap<string, readonly Life[]>): Life[] {
  const found: Life[] = [];
  for (let day = first; Temporal.PlainDate.compare(day, end) < 0; day = day.add({ days: 1 })) {
    found.push(...(byDay.get(day.toString()) ?? []));
  }
  return found;
}

function clauseOf(name: ClauseName, findings: readonly Finding[]): Clause {
  const worst = findings.toSorted((one, other) => one.margin - other.margin)[0];
  return {
    name,
    ok: findings.every(({ violations }) => violations.length === 0),
    worst: worst?.worst ?? null,
    atMs: worst?.atMs ?? null,
  };
}

const CLAUSES: readonly ClauseName[] = ["days", "weeks", "months", "count", "age"];

type PlainDate = Temporal.PlainDate;

/** Midnights of one time zone; each is asked for once. */
class Zone {
  readonly #timezone: string;
  readonly #midnights = new Map<string, number>();

  constructor(timezone: string) {
    this.#timezone = timezone;
  }

  date(ms: number): PlainDate {
    return this.#local(ms).toPlainDate();
  }

  midnight(date: PlainDate): number {
    const name = date.toString();
    const known = this.#midnights.get(name);
    if (known !== undefined) return known;
    const ms = date.toZonedDateTime(this.#timezone).epochMilliseconds;
    this.#midnights.set(name, ms);
    return ms;
  }

  monthsLater(ms: number, months: number): number {
    return this.#local(ms).add({ months }).epochMilliseconds;
  }

  #local(ms: number) {
    return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(this.#timezone);
  }
}

/** A period that has to have so many backups from one instant to another. */
interface Duty {
  readonly clause: "days" | "weeks" | "months";
  readonly name: string;
  readonly first: PlainDate;
  /** Excluded. */
  readonly end: PlainDate;
  readonly needed: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A day is sold from the midnight that ends it until so many days have followed it. */
function dayDuties(
  { days, perDay }: Sentence,
  first: PlainDate,
  zone: Zone,
  untilMs: number,
): Duty[] {
  const judgedMs = zone.midnight(first.add({ days }));
  return walk(first, { days: 1 }, zone, untilMs).flatMap((day) => {
    const end = day.add({ days: 1 });
    const duty = { clause: "days", name: `day ${day}`, first: day, end, needed: perDay } as const;
    return within(duty, zone.midnight(end), zone.midnight(end.add({ days })), judgedMs, untilMs);
  });
}

/** A week is sold once the sold days have passed it, until as many weeks have followed it as are sold. */
function weekDuties(
  { days, weeks }: Sentence,
  first: PlainDate,
  zone: Zone,
  untilMs: number,
): Duty[] {
  if (weeks === 0) return [];
  const monday = nextMonday(first);
  const judgedMs = zone.midnight(monday.add({ days: 7 * weeks + days }));
  return walk(monday, { days: 7 }, zone, untilMs).flatMap((week) => {
    const end = week.add({ days: 7 });
    const from = end.add({ days });
    const name = `week of ${week}`;
    const duty = { clause: "weeks", name, first: week, end, needed: 1 } as const;
    const toMs = zone.midnight(from.add({ days: 7 * weeks }));
    return within(duty, zone.midnight(from), toMs, judgedMs, untilMs);
  });
}

/** A month is sold once all sold weeks begin behind it, until as many months have followed it as are sold. */
function monthDuties(
  { days, weeks, months }: Sentence,
  first: PlainDate,
  zone: Zone,
  untilMs: number,
): Duty[] {
  if (months === 0) return [];
  const passed = (next: PlainDate) =>
    (weeks > 0 ? nextMonday(next) : next).add({ days: 7 * weeks + days });
  const whole = first.day === 1 ? first : first.with({ day: 1 }).add({ months: 1 });
  const judgedMs = zone.midnight(passed(whole.add({ months })));
  return walk(whole, { months: 1 }, zone, untilMs).flatMap((month) => {
    const end = month.add({ months: 1 });
    const name = `month ${month.toPlainYearMonth()}`;
    const duty = { clause: "months", name, first: month, end, needed: 1 } as const;
    const [from, to] = [passed(end), passed(end.add({ months }))];
    return within(duty, zone.midnight(from), zone.midnight(to), judgedMs, untilMs);
  });
}

/** The date itself if it is one. */
const nextMonday = (date: PlainDate) => date.add({ days: (8 - date.dayOfWeek) % 7 });

/** Beginnings of all periods that may have to be judged. */
function walk(
  first: PlainDate,
  step: { readonly days?: number; readonly months?: number },
  zone: Zone,
  untilMs: number,
): PlainDate[] {
  const found: PlainDate[] = [];
  for (let at = first; zone.midnight(at) < untilMs; at = at.add(step)) found.push(at);
  return found;
}

function within(
  duty: Omit<Duty, "fromMs" | "toMs">,
  fromMs: number,
  toMs: number,
  judgedMs: number,
  untilMs: number,
): Duty[] {
  const limits = { fromMs: Math.max(fromMs, judgedMs), toMs: Math.min(toMs, untilMs) };
  return limits.fromMs < limits.toMs ? [{ ...duty, ...limits }] : [];
}

/** What a part of a clause came to: its worst moment, and where it was broken. */
interface Finding {
  readonly clause: ClauseName;
  readonly worst: number;
  /** What it has more than it needs. */
  readonly margin: number;
  readonly atMs: number;
  readonly violations: readonly Violation[];
}

/** Counts what lies in a period over the time in which it is sold. */
function onDuty(duty: Duty, ofPeriod: readonly Life[], untilMs: number): Finding {
  const { clause, needed, name, fromMs, toMs } = duty;
  const stretches = stretchesOf(ofPeriod, fromMs, toMs, untilMs);
  const broken = stretches.filter(({ live }) => live < needed);
  const worst = stretches.reduce((one, other) => (other.live < one.live ? other : one));
  const violations = broken.map(({ live, fromMs: from, toMs: to }) => {
    const ever = ofPeriod.filter(({ availableMs }) => availableMs <= from).length;
    const detail = `${name}: ${live} of ${needed}`;
    return { clause, fromMs: from, toMs: to, avoidable: ever >= needed, detail };
  });
  const margin = worst.live - needed;
  return { clause, worst: worst.live, margin, atMs: worst.fromMs, violations };
}

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly live: number;
}

/** How many of them are live from one change to the next. */
function stretchesOf(
  lives: readonly Life[],
  fromMs: number,
  toMs: number,
  untilMs: number,
): readonly Stretch[] {
  const changes = lives.flatMap(({ availableMs, removedMs = untilMs }) => [
    { ms: availableMs, by: 1 },
    { ms: removedMs, by: -1 },
  ]);
  changes.sort((one, other) => one.ms - other.ms);
  const found: Stretch[] = [];
  let live = 0;
  let since = fromMs;
  for (const { ms, by } of changes) {
    const at = Math.min(Math.max(ms, fromMs), toMs);
    if (at > since) {
      found.push({ fromMs: since, toMs: at, live });
      since = at;
    }
    live += by;
  }
  if (since < toMs) found.push({ fromMs: since, toMs, live });
  return found;
}

/** Judged once so many have been taken. */
function countFindings({ count }: Sentence, lives: readonly Life[], untilMs: number): Finding[] {
  const taken = lives.map(({ availableMs }) => availableMs).toSorted((one, other) => one - other);
  const fromMs = taken[count - 1];
  if (fromMs === undefined || fromMs >= untilMs) return [];
  const stretches = stretchesOf(lives, fromMs, untilMs, untilMs);
  const worst = stretches.reduce((one, other) => (other.live < one.live ? other : one));
  const broken = stretches.filter(({ live }) => live < count);
  const violations = broken.map(({ live, ...when }) => ({
    ...({ clause: "count", ...when, avoidable: true, detail: `${live} of ${count}` } as const),
  }));
  const margin = worst.live - count;
  return [{ clause: "count", worst: worst.live, margin, atMs: worst.fromMs, violations }];
}

const DAY_MS = 86_400_000;

/** Judged once the first backup could be so old. */
function ageFindings(
  { oldestMonths }: Sentence,
  lives: readonly Life[],
  zone: Zone,
  untilMs: number,
): Finding[] {
  if (oldestMonths === 0 || lives.length === 0) return [];
  // Sold from when it is old enough to its removal: one sold backup at every instant.
  const old = lives.map((life) => ({
    ...life,
    availableMs: zone.monthsLater(life.takenMs, oldestMonths),
  }));
  const fromMs = Math.min(...old.map(({ availableMs }) => availableMs));
  if (fromMs >= untilMs) return [];
  const there = old.filter(({ availableMs, removedMs = untilMs }) => removedMs > availableMs);
  const stretches = stretchesOf(there, fromMs, untilMs, untilMs);
  const violations = stretches
    .filter(({ live }) => live === 0)
    .map(({ fromMs: from, toMs: to }) => {
      const detail = `none is ${oldestMonths} months old`;
      return { clause: "age", fromMs: from, toMs: to, avoidable: true, detail } as const;
    });
  const worst = youngestOldest(lives, fromMs, untilMs);
  return [{ clause: "age", ...worst, margin: worst.worst, violations }];
}

/** Days of age of the oldest backup when that was least. It is least right after the oldest went. */
function youngestOldest(lives: readonly Life[], fromMs: number, untilMs: number) {
  const moments = [fromMs, ...lives.flatMap(({ removedMs = untilMs }) => removedMs)];
  const ages = moments
    .filter((ms) => ms >= fromMs && ms < untilMs)
    .map((ms) => {
      const live = lives.filter(
        ({ availableMs, removedMs = untilMs }) => availableMs <= ms && ms < removedMs,
      );
      const oldest = live.reduce((least, { takenMs }) => Math.min(least, takenMs), ms);
      return { worst: Math.floor((ms - oldest) / DAY_MS), atMs: ms };
    });
  return ages.reduce((one, other) => (other.worst < one.worst ? other : one));
}
