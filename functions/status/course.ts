import type { InstanceState } from "../../lib/sla/incident-state.ts";
import type { IncidentRecord } from "../watch/contract.ts";
import type { Remembered } from "./contract.ts";

/** In ms; without an end: until now. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs?: number;
}

/** How an instance was. Whoever knows it from elsewhere, such as from sums of days, gives the same. */
export interface Course {
  /** Nobody looked before; absent: nobody ever has. */
  readonly sinceMs?: number;
  readonly down: readonly Stretch[];
  /** Nobody looked, or nobody could tell. */
  readonly unseen: readonly Stretch[];
}

/** From records of its incidents, what is known of it now, and what was remembered of gaps between looks. */
export function courseOf(
  incidents: readonly IncidentRecord[],
  seen: InstanceState | undefined,
  remembered: Remembered | undefined,
): Course {
  const down = new Map(incidents.map((each) => [each.incident, stretchOf(each, seen)]));
  // Its record may be on its way still.
  if (seen?.kind === "down" && !down.has(seen.incident)) {
    down.set(seen.incident, { fromMs: Date.parse(seen.firstBadAt) });
  }
  return {
    ...(remembered && { sinceMs: Date.parse(remembered.since) }),
    down: [...down.values()].toSorted((a, b) => a.fromMs - b.fromMs),
    unseen: (remembered?.unseen ?? []).map(({ from, to }) => ({
      fromMs: Date.parse(from),
      ...(to !== undefined && { toMs: Date.parse(to) }),
    })),
  };
}

/** That it is over is written a moment after it is known. */
function stretchOf(
  { firstBadAt, firstGoodAt, closedAt }: IncidentRecord,
  seen: InstanceState | undefined,
): Stretch {
  const isWell = seen?.kind === "healthy" && seen.lastGoodAt !== undefined;
  const wellAt = isWell && seen.lastGoodAt > firstBadAt ? seen.lastGoodAt : undefined;
  const ended = closedAt === undefined ? wellAt : (firstGoodAt ?? closedAt);
  return {
    fromMs: Date.parse(firstBadAt),
    ...(ended !== undefined && { toMs: Date.parse(ended) }),
  };
}

/** Those that overlap or touch, as one; in order. */
export function merged<S extends Stretch>(
  stretches: readonly S[],
  join: (one: S, other: S) => S,
): readonly S[] {
  const all: S[] = [];
  for (const next of stretches.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = all.at(-1);
    if (last && next.fromMs <= endOf(last)) all[all.length - 1] = join(last, next);
    else all.push(next);
  }
  return all;
}

export const endOf = ({ toMs = Number.POSITIVE_INFINITY }: Stretch): number => toMs;

/** From the first to the end of whichever lasts longer. */
export function hull(one: Stretch, other: Stretch): Stretch {
  const toMs = Math.max(endOf(one), endOf(other));
  return { fromMs: Math.min(one.fromMs, other.fromMs), ...(Number.isFinite(toMs) && { toMs }) };
}
