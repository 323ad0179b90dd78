import { DUMPED_EVERY } from "../../lib/sla/destination.ts";
import type { Destination } from "../../lib/sla/fleet.ts";
import { hoursOf } from "../../lib/sla/period-hours.ts";
import type { FrozenCopy } from "../freeze/contract.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Delivery } from "./contract.ts";
import type { Failure } from "./telling.ts";

/** Lines have worse minutes than those before. */
const MARGIN = 1.5;

/** Whether so many bytes more get there in the time left, by what those before it took. The first is always tried: nobody knows yet. */
export function fitsIn(leftMs: number, size: number, sent: readonly Delivery[]): boolean {
  if (sent.length === 0) return true;
  const bytes = sent.reduce((sum, { encrypted }) => sum + encrypted.bytes, 0);
  const seconds = sent.reduce((sum, each) => sum + each.seconds, 0);
  return (size / Math.max(1, bytes)) * seconds * MARGIN * 1000 <= leftMs;
}

const HOUR_SECONDS = 3600;
/** A restore test may take so long, and another of the instance may be under way when it is due. */
const GRACE_HOURS = 12;

/** Of whoever wants dumps of its own: the newest is older than two periods and what a test may take. */
export function lateness(
  { every }: Pick<Destination, "every">,
  newest: FrozenCopy | undefined,
  clock: Clock,
): Failure | undefined {
  if (!newest) return undefined;
  const wanted = every ?? DUMPED_EVERY;
  const ageMs = clock.now().getTime() - Date.parse(newest.takenAt);
  if (ageMs <= clock.paced((2 * hoursOf(wanted) + GRACE_HOURS) * HOUR_SECONDS)) return undefined;
  const detail = `the newest is of ${newest.takenAt}, and one every ${wanted} is wanted; sla backups says how restore tests go`;
  return { code: "DumpsLate", detail };
}
