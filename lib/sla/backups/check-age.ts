import type { Finding, Sentence } from "./clause.ts";
import type { Life } from "./history.ts";
import type { LocalDays } from "./local-days.ts";
import { stretchesOf } from "./stretches.ts";

const DAY_MS = 86_400_000;
/** In ms; no calendar month is shorter by more than a change of the clocks. */
const LEAST_MONTH = 27 * DAY_MS;

/** Judged once the first backup could be so old. */
export function ageFindings(
  { oldestMonths }: Sentence,
  lives: readonly Life[],
  zone: LocalDays,
  untilMs: number,
): Finding[] {
  const first = lives.toSorted((one, other) => one.takenMs - other.takenMs)[0];
  if (oldestMonths === 0 || !first) return [];
  const fromMs = zone.monthsLater(first.takenMs, oldestMonths);
  if (fromMs >= untilMs) return [];
  // Sold from when it is old enough to its removal: one sold backup at every instant.
  const there = lives
    .filter(({ takenMs, removedMs = untilMs }) => removedMs - takenMs > oldestMonths * LEAST_MONTH)
    .map((life) => ({ ...life, availableMs: zone.monthsLater(life.takenMs, oldestMonths) }))
    .filter(({ availableMs, removedMs = untilMs }) => removedMs > availableMs);
  const stretches = stretchesOf(there, fromMs, untilMs, untilMs);
  const violations = stretches
    .filter(({ live }) => live === 0)
    .map(({ fromMs: from, toMs: to }) => {
      const detail = `none is ${oldestMonths} months old`;
      return { clause: "age", fromMs: from, toMs: to, avoidable: true, detail } as const;
    });
  const { takenMs, atMs } = youngestOldest(lives, fromMs, untilMs);
  const wholeDays = (ms: number) => Math.floor(ms / DAY_MS);
  const margin = wholeDays(atMs - zone.monthsLater(takenMs, oldestMonths));
  return [{ clause: "age", worst: wholeDays(atMs - takenMs), margin, atMs, violations }];
}

/** The oldest backup when its age was least. It is least right after the oldest went. */
function youngestOldest(lives: readonly Life[], fromMs: number, untilMs: number) {
  const oldestFirst = lives.toSorted((one, other) => one.takenMs - other.takenMs);
  const moments = [fromMs, ...lives.flatMap(({ removedMs = untilMs }) => removedMs)]
    .filter((ms) => ms >= fromMs && ms < untilMs)
    .toSorted((one, other) => one - other);
  let gone = 0;
  let youngest = { takenMs: Number.NEGATIVE_INFINITY, atMs: fromMs };
  for (const ms of moments) {
    // What has gone stays gone, so nobody looks at it twice.
    while ((oldestFirst[gone]?.removedMs ?? untilMs) <= ms) gone += 1;
    const takenMs = takenOfFirstLive(oldestFirst, gone, ms) ?? ms;
    if (ms - takenMs < youngest.atMs - youngest.takenMs) youngest = { takenMs, atMs: ms };
  }
  return youngest;
}

function takenOfFirstLive(lives: readonly Life[], from: number, ms: number): number | undefined {
  for (let index = from; index < lives.length; index += 1) {
    const { takenMs, availableMs, removedMs = Number.POSITIVE_INFINITY } = lives[index] as Life;
    if (takenMs > ms) return undefined;
    if (availableMs <= ms && ms < removedMs) return takenMs;
  }
  return undefined;
}
