import type { Instance } from "../../lib/sla/fleet.ts";
import type { Reading } from "../sql/contract.ts";
import type { Examined } from "./case.ts";
import type { FailoverRequest } from "./contract.ts";
import { haltUnlessAccepted, isSilence, notYet } from "./errors.ts";
import { LogStream } from "./log-stream.ts";
import { type Sight, watchFor } from "./poll.ts";
import type { DatabaseState } from "./ports.ts";
import { askDescribed, sqlTarget } from "./targets.ts";
import type { AssessWorld } from "./world.ts";

/** So many cadences without a new beat are silence; one can be missed by chance. */
const SILENT_CADENCES = 2;
const MARGIN_SECONDS = 5;

/** A primary whose heartbeat still arrives is never promoted away: the application is broken, not it. */
export async function silentHeart(
  world: AssessWorld,
  instance: Instance,
  { request, before, evidence }: Examined,
  state: DatabaseState,
): Promise<{ readonly beat: string | undefined; readonly remark: string }> {
  const cadence = world.fleet.plans[instance.plan]?.watch.everySeconds ?? 60;
  const deadSince = Date.parse(request.firstBadAt) + world.clock.paced(cadence);
  const first = evidence.standby.answered ? evidence.standby.reading : undefined;
  const log = new LogStream(first);
  let last: Reading | undefined;

  const look = async (): Promise<Sight<Reading>> => {
    const said = await askDescribed(world.sql, instance, before.standby, state);
    if (!said.answered) return { missing: `the standby does not answer: ${said.message}` };
    last = said.reading;
    log.hear(last);
    if (log.moves) return { missing: "the standby still receives log" };
    if (isSilent(last, world.clock.paced(SILENT_CADENCES * cadence))) return { seen: last };
    return isNewBeat(last, first, deadSince)
      ? { seen: last }
      : { missing: "the heartbeat is too young" };
  };
  const seconds = SILENT_CADENCES * cadence + MARGIN_SECONDS;
  const sight = await watchFor(world.clock, { seconds }, look);
  if (!last) return notYet("missing" in sight ? sight.missing : "the standby does not answer");

  const beat = last.inRecovery ? last.beat?.at : beatBefore(first, request);
  // Two cadences have been waited for: what has not moved since is silent, whatever its age says.
  const beats = "seen" in sight && !isSilent(last, world.clock.paced(SILENT_CADENCES * cadence));
  const sign = beats ? "writes heartbeats" : "sends its log to the standby";
  const remark =
    beats || log.isAlive
      ? haltUnlessAccepted(
          request,
          "HaltStillAlive",
          `${before.primary.database} still ${sign}: the newest heartbeat on the standby is of ${beat}, the first bad round of ${request.firstBadAt}`,
        )
      : "";
  return { beat, remark };
}

/** What a promoted standby shows now are heartbeats of its own. */
const beatBefore = (first: Reading | undefined, { lastSeen }: FailoverRequest) =>
  first?.beat?.at ?? lastSeen?.standbyBeat;

/** Written after the failure, and not on its way when the evidence was taken. */
const isNewBeat = ({ beat }: Reading, first: Reading | undefined, deadSince: number) =>
  beat !== undefined &&
  beat.sequence > (first?.beat?.sequence ?? -1) &&
  Date.parse(beat.at) > deadSince;

/** By one clock, the standby's: ours may be wrong. A server that is no standby any more has no say. */
const isSilent = ({ beat, now, inRecovery }: Reading, forMs: number) =>
  !inRecovery || beat === undefined || Date.parse(now) - Date.parse(beat.at) >= forMs;

/**
 * A primary that answered is asked to commit one beat: if it can, it is not dead. One that refuses us runs;
 * what it does for its clients a person has to find out.
 */
export async function refuseLiveHeart(
  world: AssessWorld,
  instance: Instance,
  { request, before, evidence }: Examined,
): Promise<string> {
  const { primary } = evidence;
  if (!primary.answered) {
    return primary.kind === "refused"
      ? haltUnlessAccepted(
          request,
          "HaltStillAlive",
          `${before.primary.database} refuses us: ${primary.message}`,
        )
      : "";
  }
  try {
    const state = await world.registry.describe(before.primary);
    const target = state && sqlTarget(instance, state);
    if (!target) return "";
    const { region, database } = before.primary;
    const beat = await world.sql.ask(region, { operation: "beat", targets: [target] });
    if (!beat.ok) return "";
    return haltUnlessAccepted(request, "HaltStillAlive", `${database} still commits writes`);
  } catch (cause) {
    if (!isSilence(cause)) throw cause;
    return "";
  }
}
