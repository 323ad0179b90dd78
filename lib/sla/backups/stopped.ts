import type { Shelved } from "./catalogue.ts";
import { isFresh } from "./dated.ts";
import { longestGapMs } from "./gap.ts";
import { isAvailable } from "./keepers.ts";
import type { Schedule } from "./schedule.ts";

export interface Wanted {
  readonly plan: { readonly schedules: readonly Schedule[] };
  readonly allowedDeletions?: number;
  /** When RDS last refused one of it for want of room, in ms. */
  readonly fullMs?: number;
}

export interface Course {
  /** Whether no backup has come for so long that something is wrong. */
  readonly hasStopped: boolean;
  /** Instant at which the plan judges what may go, in ms; absent: nothing is there that it could judge by. */
  readonly asOfMs?: number;
}

/**
 * Whether backups still come, and by which instant they are rotated. Where they have stopped the rotation stands still, by the data and not
 * by a clock, which may be what is wrong: nothing makes good what goes. It goes on where that keeps newer ones from coming, because
 * there is no room for them, and where a person says so.
 */
export function courseOf(
  { plan, allowedDeletions, fullMs }: Wanted,
  all: readonly Shelved[],
  nowMs: number,
): Course {
  const newestMs = newestOf(all);
  if (newestMs === undefined) return { hasStopped: true };
  const hasStopped = nowMs - newestMs > 2 * longestGapMs(plan.schedules);
  if (!hasStopped || allowedDeletions !== undefined) return { hasStopped, asOfMs: nowMs };
  // A clock that has leapt since makes nothing older.
  return { hasStopped, asOfMs: Math.min(nowMs, Math.max(newestMs, fullMs ?? newestMs)) };
}

function newestOf(all: readonly Shelved[]): number | undefined {
  let newestMs: number | undefined;
  for (const each of all) {
    if (!isAvailable(each) || isFresh(each)) continue;
    newestMs = Math.max(newestMs ?? each.takenMs, each.takenMs);
  }
  return newestMs;
}
