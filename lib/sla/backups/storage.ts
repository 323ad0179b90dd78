import type { Life } from "./history.ts";
import { PRICES } from "./prices.ts";

/** Of one database. */
export interface Sizing {
  readonly sizeGb: number;
  readonly dailyChangeGb: number;
}

/** Where backups lie: snapshots of RDS, or whole dumps that nothing can change for so many days. */
export type Place = {
  readonly name: string;
  /** Its backups come from another region; a dump is made where a copy was restored. */
  readonly isCopy: boolean;
} & ({ readonly medium: "snapshots" } | { readonly medium: "frozen dumps"; readonly days: number });

export interface Storage extends Sizing {
  readonly places: readonly Held[];
  /** Between regions, in a month. */
  readonly transferGb: number;
  readonly transferDollars: number;
  /** Of a month, all of it, before the allowance. */
  readonly dollars: number;
}

type Held = Place & {
  /** Mean of the last thirty days, and the most of the whole time. */
  readonly gb: number;
  readonly mostGb: number;
  /** Of a month. */
  readonly dollars: number;
};

const DAY_MS = 86_400_000;
const MONTH_DAYS = 30;
/** Of a plan by itself; a fleet says how long its own stay. */
export const USUAL_FROZEN_DAYS = 90;
/** Assumed: a restore test a week leaves a whole dump, not compressed. */
const DUMP_EVERY_DAYS = 7;

/** What a copy of size and rate takes in each place; an estimate, from nothing but these two numbers. */
export function storageOf(
  lives: readonly Life[],
  places: readonly Place[],
  sizing: Sizing,
  { beganMs, untilMs }: { readonly beganMs: number; readonly untilMs: number },
): Storage {
  const monthMs = Math.max(beganMs, untilMs - MONTH_DAYS * DAY_MS);
  const snapshots = snapshotsGb(lives, sizing, { fromMs: monthMs, untilMs });
  const held = places.map((place): Held => {
    if (place.medium === "snapshots") {
      return { ...place, ...snapshots, dollars: snapshots.gb * PRICES.snapshotGbMonth };
    }
    const frozenGb = Math.ceil(place.days / DUMP_EVERY_DAYS) * sizing.sizeGb;
    const dollars = frozenGb * PRICES.frozenGbMonth;
    return { ...place, gb: frozenGb, mostGb: frozenGb, dollars };
  });
  const copies = places.filter(({ isCopy }) => isCopy).length;
  const transferGb = copies * changedGb(lives, sizing, { fromMs: monthMs, untilMs });
  const transferDollars = transferGb * PRICES.transferGb;
  const dollars = held.reduce((sum, place) => sum + place.dollars, transferDollars);
  return { ...sizing, places: held, transferGb, transferDollars, dollars };
}

/**
 * Snapshots are incremental: together they hold the oldest one whole, and of each later one the blocks that changed since the
 * one before it, at worst other ones every day. What a deleted one alone stood for goes with it.
 */
export function heldGb(takenMs: readonly number[], sizing: Sizing): number {
  return takenMs.reduce((sum, ms, index) => {
    const before = takenMs[index - 1];
    return sum + (before === undefined ? sizing.sizeGb : changed(ms - before, sizing));
  }, 0);
}

const changed = (ms: number, { sizeGb, dailyChangeGb }: Sizing) =>
  Math.min(sizeGb, (ms / DAY_MS) * dailyChangeGb);

interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

function snapshotsGb(lives: readonly Life[], sizing: Sizing, { fromMs, untilMs }: Span) {
  const changes = lives.flatMap(({ takenMs, availableMs, removedMs = untilMs }) => [
    { ms: availableMs, takenMs, isNew: true },
    { ms: removedMs, takenMs, isNew: false },
  ]);
  changes.sort((one, other) => one.ms - other.ms);
  const live: number[] = [];
  let [gb, mostGb, gbMs, sinceMs] = [0, 0, 0, fromMs];
  for (const { ms, takenMs, isNew } of changes) {
    gbMs += gb * Math.max(0, ms - sinceMs);
    sinceMs = Math.max(sinceMs, ms);
    if (isNew) live.push(takenMs);
    else live.splice(live.indexOf(takenMs), 1);
    gb = heldGb(live, sizing);
    mostGb = Math.max(mostGb, gb);
  }
  gbMs += gb * Math.max(0, untilMs - sinceMs);
  return { gb: gbMs / (untilMs - fromMs), mostGb };
}

/** What all backups of a span add to the one before each: what a copy has to send. */
function changedGb(lives: readonly Life[], sizing: Sizing, { fromMs, untilMs }: Span): number {
  const sent = lives.map(({ takenMs }, index) => {
    const before = lives[index - 1]?.takenMs;
    const gb = before === undefined ? sizing.sizeGb : changed(takenMs - before, sizing);
    return takenMs >= fromMs && takenMs < untilMs ? gb : 0;
  });
  return sent.reduce((sum, gb) => sum + gb, 0);
}
