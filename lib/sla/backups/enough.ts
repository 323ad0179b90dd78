import type { Rotation } from "../plan.ts";
import type { Dated } from "./dated.ts";
import { isSpare, type Periods } from "./rotate.ts";

/** What the age and the number need beyond the tiers. */
export interface Addition {
  readonly kept: ReadonlySet<Dated>;
  /** Each with its reason. */
  readonly added: ReadonlyMap<Dated, readonly string[]>;
}

interface Among {
  /** Kept for another reason than the rotation. */
  readonly anyhow: ReadonlySet<Dated>;
  readonly periods: Periods;
  /** Whether it has the age that is sold. */
  readonly isOld: (backup: Dated) => boolean;
}

/**
 * Where periods went without a backup: an older one for the age, newer ones for the number. What the older one makes superfluous goes.
 * `all` oldest first.
 */
export function enough(
  chosen: ReadonlySet<Dated>,
  all: readonly Dated[],
  rotation: Rotation,
  among: Among,
): Addition {
  const { count } = rotation;
  const added = new Map<Dated, readonly string[]>();
  const kept = new Set(chosen);
  const anchor = anchorOf(kept, all, among.isOld);
  if (anchor) {
    added.set(anchor, [`the oldest has to be ${rotation.oldestMonths} months old`]);
    kept.add(anchor);
    thinOut(kept, anchor, all, rotation, among);
  }
  const lacking = Math.max(0, count - kept.size);
  const newest = lacking > 0 ? all.filter((each) => !kept.has(each)).slice(-lacking) : [];
  for (const each of newest.toReversed()) {
    added.set(each, [`${count} are kept`]);
    kept.add(each);
  }
  return { kept, added };
}

/** Takes from `kept`, oldest first, what is superfluous beside the anchor; without one each is the last of something. */
function thinOut(
  kept: Set<Dated>,
  anchor: Dated,
  all: readonly Dated[],
  { count, perDay }: Rotation,
  { anyhow, periods }: Among,
): void {
  for (const each of all) {
    if (kept.size <= count) return;
    const mayGo = each !== anchor && kept.has(each) && !anyhow.has(each);
    if (mayGo && isSpare(each, kept, periods, perDay)) kept.delete(each);
  }
}

/** The one to be held for the age; undefined where another is old enough. */
function anchorOf(
  kept: ReadonlySet<Dated>,
  all: readonly Dated[],
  isOld: Among["isOld"],
): Dated | undefined {
  // Of an instance that is younger than that, the first backup will be the first to be old enough.
  const old = all.findLast(isOld) ?? all[0];
  if (old === undefined || kept.has(old) || [...kept].some(isOld)) return undefined;
  return old;
}
