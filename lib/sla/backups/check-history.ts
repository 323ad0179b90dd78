import { ageFindings } from "./check-age.ts";
import type { Clause, ClauseName, Finding, Observed, Sentence, Violation } from "./clause.ts";
import { type Duty, dutiesOf } from "./duties.ts";
import type { Life } from "./history.ts";
import { type CivilDay, LocalDays } from "./local-days.ts";
import { stretchesOf } from "./stretches.ts";

export interface Findings {
  readonly ok: boolean;
  readonly clauses: readonly Clause[];
  readonly violations: readonly Violation[];
}

/**
 * Whether a history of backups kept the sentence of a rotation, at every instant from the beginning on; `lives` in any order. Written
 * against the sentence alone: it shares no code with what decides the deletions.
 */
export function checkHistory(
  sentence: Sentence,
  lives: readonly Life[],
  { beganMs, untilMs }: Observed,
): Findings {
  const zone = new LocalDays(sentence.timezone);
  const began = zone.day(beganMs);
  // The first day that lies wholly behind the beginning.
  const first = zone.midnight(began) === beganMs ? began : began + 1;
  const byDay = groupedByDay(lives, zone);
  const findings = [
    ...dutiesOf(sentence, first, zone, untilMs).map((duty) =>
      onDuty(duty, livesIn(duty, byDay), untilMs),
    ),
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

/** Goes along the days, as asking a zone for the day of each backup takes long. */
function groupedByDay(
  lives: readonly Life[],
  zone: LocalDays,
): ReadonlyMap<CivilDay, readonly Life[]> {
  const found = new Map<CivilDay, Life[]>();
  let today: Life[] = [];
  let endMs = Number.NEGATIVE_INFINITY;
  for (const life of lives.toSorted((one, other) => one.takenMs - other.takenMs)) {
    if (life.takenMs >= endMs) {
      const day = zone.day(life.takenMs);
      endMs = zone.midnight(day + 1);
      today = [];
      found.set(day, today);
    }
    today.push(life);
  }
  return found;
}

function livesIn({ first, end }: Duty, byDay: ReadonlyMap<CivilDay, readonly Life[]>): Life[] {
  const days = Array.from({ length: end - first }, (_, offset) => byDay.get(first + offset) ?? []);
  return days.flat();
}

function clauseOf(name: ClauseName, findings: readonly Finding[]): Clause {
  const worst = findings.toSorted((one, other) => one.margin - other.margin)[0];
  return {
    name,
    ok: findings.every(({ violations }) => violations.length === 0),
    worst: worst?.worst ?? null,
    margin: worst?.margin ?? null,
    atMs: worst?.atMs ?? null,
  };
}

const CLAUSES: readonly ClauseName[] = ["days", "weeks", "months", "count", "age"];

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
