import type { Instance } from "../../lib/sla/fleet.ts";
import type { Reading } from "../sql/contract.ts";
import type { Examined } from "./case.ts";
import { haltUnlessAccepted, isUnreachable, notYet } from "./errors.ts";
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
  const first = evidence.standby.answered ? evidence.standby.reading.beat : undefined;
  let last: Reading | undefined;

  const look = async (): Promise<Sight<Reading>> => {
    const said = await askDescribed(world.sql, instance, before.standby, state);
    if (!said.answered) return { missing: `the standby does not answer: ${said.message}` };
    last = said.reading;
    if (isSilent(last, world.clock.paced(SILENT_CADENCES * cadence))) return { seen: last };
    const isNew = last.beat && last.beat.sequence > (first?.sequence ?? -1);
    const isAfterFailure = last.beat && Date.parse(last.beat.at) > deadSince;
    return isNew && isAfterFailure ? { seen: last } : { missing: "the heartbeat is too young" };
  };
  const seconds = SILENT_CADENCES * cadence + MARGIN_SECONDS;
  const sight = await watchFor(world.clock, { seconds }, look);
  if (!last) return notYet("missing" in sight ? sight.missing : "the standby does not answer");

  const beat = last.beat?.at;
  // Two cadences have been waited for: what has not moved since is silent, whatever its age says.
  const alive = "seen" in sight && !isSilent(last, world.clock.paced(SILENT_CADENCES * cadence));
  const remark = alive
    ? haltUnlessAccepted(
        request,
        "HaltStillAlive",
        `${before.primary.database} still writes heartbeats: the newest on the standby is of ${beat}, the first bad round of ${request.firstBadAt}`,
      )
    : "";
  return { beat, remark };
}

/** By one clock, the standby's: ours may be wrong. A server that is no standby any more has no say. */
const isSilent = ({ beat, now, inRecovery }: Reading, forMs: number) =>
  !inRecovery || beat === undefined || Date.parse(now) - Date.parse(beat.at) >= forMs;

/** A primary that answered is asked to commit one beat: if it can, it is not dead. */
export async function refuseLiveHeart(
  world: AssessWorld,
  instance: Instance,
  { request, before, evidence }: Examined,
): Promise<string> {
  if (!evidence.primary.answered || evidence.primary.reading.inRecovery) return "";
  try {
    const state = await world.registry.describe(before.primary);
    const target = state && sqlTarget(instance, state);
    if (!target) return "";
    const { region, database } = before.primary;
    const beat = await world.sql.ask(region, { operation: "beat", targets: [target] });
    if (!beat.ok) return "";
    return haltUnlessAccepted(request, "HaltStillAlive", `${database} still commits writes`);
  } catch (cause) {
    if (!isUnreachable(cause)) throw cause;
    return "";
  }
}
