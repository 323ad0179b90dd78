import type { Seat } from "../../lib/sla/roles.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Begun } from "./case.ts";
import { halt } from "./errors.ts";

/** Plan seconds; a little less than the machine has patience for, so that the halt says what was waited for. */
const BUSY_SECONDS = 300;

/**
 * A backup of the standby or a change of it passes: it is waited for. One that lasts is told to a person, who can
 * see how far it is.
 */
export function haltIfBusyForLong(
  clock: Clock,
  current: Begun,
  { database }: Seat,
  status: string,
) {
  const waited = waitedSeconds(clock, current);
  if (waited < BUSY_SECONDS) return;
  halt(
    "HaltStandbyBusy",
    `${database} has been ${status} for ${Math.floor(waited)} s; RDS promotes it only once that is over`,
  );
}

/** Plan seconds since the end of the step before: this one is begun again and again. */
export function waitedSeconds(clock: Clock, { timeline, startedAt }: Begun): number {
  const since = timeline.at(-1)?.at ?? startedAt;
  return (clock.now().getTime() - Date.parse(since)) / clock.paced(1);
}
