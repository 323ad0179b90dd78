import { checkHistory } from "./backups/check-history.ts";
import type { ClauseName, Sentence } from "./backups/clause.ts";
import type { BackupLife } from "./books/happenings.ts";
import type { Span } from "./books/month.ts";
import type { Kept } from "./kept.ts";
import type { Plan } from "./plan.ts";

export interface RotationKept {
  /** Backups that were there at any time of the span, in the region judged. */
  readonly least: number;
  readonly status: Kept;
  /** Those that were broken within the span. */
  readonly clauses: readonly ClauseName[];
}

/** How long before a month backups may have been taken that a plan's rotation still counts in it. */
export function daysOfRotation({ backups }: Pick<Plan, "backups">): number {
  if (!backups?.rotation) return 0;
  const { days, weeks, months, oldestMonths } = backups.rotation;
  return days + 7 * (weeks + 1) + 31 * (Math.max(months, oldestMonths) + 2);
}

/**
 * Whether backups kept the sentence of a rotation throughout a span, in the region that kept it best: the others hold copies. Undefined
 * where there were none. One that holds fewer than the sentence counts, and never held more, shows nothing yet.
 */
export function rotationKept(
  sentence: Sentence,
  lives: readonly BackupLife[],
  span: Span,
): RotationKept | undefined {
  const regions = Map.groupBy(lives, ({ region }) => region).values();
  return [...regions]
    .flatMap((own) => inRegion(sentence, own, span))
    .toSorted(
      (one, other) => RANKS[one.status] - RANKS[other.status] || other.least - one.least,
    )[0];
}

const CLAUSES: readonly ClauseName[] = ["days", "weeks", "months", "count", "age"];

const RANKS: Readonly<Record<Kept, number>> = { kept: 0, broken: 1, "not-shown": 2, "no-case": 3 };

function inRegion(sentence: Sentence, lives: readonly BackupLife[], span: Span): RotationKept[] {
  const beganMs = Math.min(...lives.map(({ availableMs }) => availableMs));
  if (beganMs >= span.toMs) return [];
  const { violations, clauses } = checkHistory(sentence, lives, { beganMs, untilMs: span.toMs });
  const broken = violations.filter(({ fromMs, toMs }) => toMs > span.fromMs && fromMs < span.toMs);
  const parts = CLAUSES.filter((name) => broken.some(({ clause }) => clause === name));
  const isCounted = clauses.some(({ name, worst }) => name === "count" && worst !== null);
  const kept = isCounted ? "kept" : "not-shown";
  return [
    {
      least: leastOf(lives, beganMs, span),
      status: broken.length > 0 ? "broken" : kept,
      clauses: parts,
    },
  ];
}

/** How many of these were there at any time of a span, from when the first of them was. */
export function leastOf(
  lives: readonly BackupLife[],
  beganMs: number,
  { fromMs, toMs }: Span,
): number {
  const from = Math.max(fromMs, beganMs);
  const removals = lives.flatMap(({ removedMs }) => removedMs ?? []);
  const moments = [from, ...removals.filter((ms) => ms >= from && ms < toMs)];
  const liveAt = (ms: number) =>
    lives.filter(
      ({ availableMs, removedMs = Number.POSITIVE_INFINITY }) =>
        availableMs <= ms && removedMs > ms,
    ).length;
  return Math.min(...moments.map(liveAt));
}
