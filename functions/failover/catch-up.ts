import type { Instance } from "../../lib/sla/fleet.ts";
import { waitedSeconds } from "./busy-standby.ts";
import type { Examined } from "./case.ts";
import { notYet } from "./errors.ts";
import { type Sight, WINDOW_SECONDS, watchFor } from "./poll.ts";
import type { DatabaseState } from "./ports.ts";
import { askDescribed } from "./targets.ts";
import type { AssessWorld } from "./world.ts";

/** Plan seconds; as long as a busy standby is waited for. Halting sooner would bring nobody back sooner. */
const CATCH_UP_SECONDS = 300;

export interface CaughtUp {
  /** Its newest heartbeat. */
  readonly beat: string | undefined;
  /** What it still has to do, in words. */
  readonly left?: string;
}

/**
 * What the standby has received and not replayed is not lost, only late: while it replays, and its newest heartbeat is
 * older than the loss allows, it is waited for, within bounds and before anything is touched. Answers its newest
 * heartbeat then.
 *
 * @param isBehind whether promoting with this heartbeat would lose more than is allowed
 */
export async function caughtUp(
  world: AssessWorld,
  instance: Instance,
  examined: Examined,
  standby: DatabaseState,
  isBehind: (beat: string | undefined) => boolean,
): Promise<CaughtUp> {
  const { database } = examined.before.standby;
  const positions = new Set<string>();
  let beat: string | undefined;
  const look = async (): Promise<Sight<true>> => {
    const said = await askDescribed(world.sql, instance, examined.before.standby, standby);
    if (!said.answered) return { missing: `the standby does not answer: ${said.message}` };
    const { inRecovery, undrainedBytes = 0, replayedLsn, beat: newest } = said.reading;
    beat = newest?.at;
    if (!inRecovery || undrainedBytes === 0 || !isBehind(beat)) return { seen: true };
    if (replayedLsn !== undefined) positions.add(replayedLsn);
    return { missing: `${database} has ${undrainedBytes} bytes of log to replay` };
  };
  const sight = await watchFor(world.clock, { seconds: WINDOW_SECONDS }, look);
  const isReplaying = positions.size > 1;
  const isPatient = waitedSeconds(world.clock, examined) < CATCH_UP_SECONDS;
  if ("missing" in sight && isReplaying && isPatient) notYet(sight.missing);
  return {
    beat,
    ...("missing" in sight && { left: sight.missing }),
  };
}
