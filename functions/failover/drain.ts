import { traitsOf } from "../../lib/sla/engine.ts";
import type { Fenced } from "./case.ts";
import { drainFully } from "./drain-fully.ts";
import { halt } from "./errors.ts";
import { staysIn } from "./members.ts";
import { isPlanned, isSwitchover } from "./planned.ts";
import { type Sight, watchFor } from "./poll.ts";
import type { Taken } from "./step.ts";
import { ask } from "./targets.ts";
import { type AssessWorld, instanceOf } from "./world.ts";

/**
 * Plan seconds. Where promotion replays the rest anyway this only tells how long that takes; elsewhere what is left then is lost, which is
 * not more than was allowed: preflight has asked for the newest heartbeat that is applied.
 */
const DRAIN_SECONDS = 60;

/** Waits, within bounds, until the standby has replayed what it has received. */
export async function drain(world: AssessWorld, fenced: Fenced): Promise<Taken<Fenced>> {
  const instance = instanceOf(world, fenced.request.instance);
  if (staysIn(fenced.before)) {
    return { next: fenced, detail: "nothing to drain: who takes over has what was acknowledged" };
  }
  if (isSwitchover(instance, fenced.request)) {
    return { next: fenced, detail: "left to the switchover, which begins by it" };
  }
  if (isPlanned(fenced.request)) return drainFully(world, fenced, instance);
  const { standby } = fenced.before;
  let answered = false;
  const look = async (): Promise<Sight<string>> => {
    const said = await ask(world, instance, standby);
    if (!said.answered) return { missing: said.message };
    answered = true;
    const { inRecovery, undrainedBytes, replayedLsn } = said.reading;
    if (!inRecovery) return { seen: "nothing to drain: no standby any more" };
    return undrainedBytes === 0
      ? { seen: `drained up to ${replayedLsn ?? "all that it has received"}` }
      : { missing: `${undrainedBytes ?? "unknown"} bytes not replayed` };
  };
  const sight = await watchFor(world.clock, { seconds: DRAIN_SECONDS }, look);
  if ("seen" in sight) return { next: fenced, detail: sight.seen };
  if (!answered) halt("HaltStandbyUnfit", `${standby.database} does not answer: ${sight.missing}`);
  const { promotesAllReceived } = traitsOf(instance.database.engine);
  const fate = promotesAllReceived ? "goes on" : "is lost with the promotion";
  return { next: fenced, detail: `not drained in time, ${fate}: ${sight.missing}` };
}
