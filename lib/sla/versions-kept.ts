import type { BackupLife } from "./books/happenings.ts";
import type { Span } from "./books/month.ts";
import { type Kept, keptIf } from "./kept.ts";
import { hoursOf } from "./period-hours.ts";
import type { Backups, Plan } from "./plan.ts";
import { leastOf } from "./rotation-kept.ts";

interface VersionsKept {
  /** Versions that were there at any time of the span since as many had been there as are sold, in the region judged. */
  readonly least: number;
  readonly status: Kept;
}

/** A machine that is not there for a month leaves versions that old. */
const SPARE_DAYS = 31;

/** How long before a month a version may have been made that still counts in it. */
export function daysOfVersions({ backups }: Pick<Plan, "backups">): number {
  const { instanceVersions: count, instanceSchedule }: Partial<Backups> = backups ?? {};
  if (count === undefined) return 0;
  return Math.ceil(((count + 1) * hoursOf(instanceSchedule?.every ?? "1d")) / 24) + SPARE_DAYS;
}

/**
 * Whether so many versions of the complete instance were there throughout a span, in the region that held most. Undefined where there were
 * none; until as many are there as are sold, nothing is shown yet.
 */
export function versionsKept(
  count: number,
  lives: readonly BackupLife[],
  span: Span,
): VersionsKept | undefined {
  const regions = Map.groupBy(lives, ({ region }) => region).values();
  return [...regions]
    .flatMap((own) => inRegion(count, own, span))
    .toSorted(
      (one, other) => RANKS[one.status] - RANKS[other.status] || other.least - one.least,
    )[0];
}

const RANKS: Readonly<Record<Kept, number>> = { kept: 0, broken: 1, "not-shown": 2, "no-case": 3 };

function inRegion(count: number, lives: readonly BackupLife[], span: Span): VersionsKept[] {
  const made = lives.map(({ availableMs }) => availableMs).toSorted((one, other) => one - other);
  const beganMs = made[0] ?? span.toMs;
  if (beganMs >= span.toMs) return [];
  const at = (ms: number) => leastOf(lives, ms, { fromMs: ms, toMs: ms + 1 });
  const reachedMs = made.find((ms) => at(ms) >= count);
  if (reachedMs === undefined || reachedMs >= span.toMs) {
    return [{ least: at(span.toMs - 1), status: "not-shown" }];
  }
  const least = leastOf(lives, reachedMs, span);
  return [{ least, status: keptIf(least >= count) }];
}
