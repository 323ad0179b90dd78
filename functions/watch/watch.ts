import type { Fleet } from "../../lib/sla/fleet.ts";
import { instancesOf } from "../../lib/sla/shards.ts";
import { endCertificates } from "./certificates.ts";
import type { TickEvent } from "./contract.ts";
import { answerRollCall, askWatches } from "./dead-man.ts";
import { Pass, type Site, type WatchReport } from "./pass.ts";
import { watchStorage } from "./storage.ts";
import { timedSlots } from "./tick.ts";

/** A look at a lost region lasts longer than the quickest cadence, and the next one must not wait for it. */
const LOOKS_AT_ONCE = 2;

/**
 * One invocation: all looks of a tick at one shard. Looks overlap where an answer takes longer than the
 * cadence; they are judged in the order of their slots. A slot that finds two looks under way is left out:
 * where everything is slow, more looks would only make it slower.
 */
export async function watch(event: TickEvent, fleet: Fleet, site: Site): Promise<WatchReport> {
  const pass = new Pass(event.shard, fleet, site);
  const cadences = instancesOf(fleet, event.shard).flatMap(
    ({ plan }) => fleet.plans[plan]?.watch.everySeconds ?? [],
  );
  const listening = pass.listen(event.scheduledTime);
  const asking = askWatches(event.shard, fleet, site);
  const storage = watchStorage(event, fleet, site);
  const certificates = endCertificates(event, fleet, site);
  let judged = Promise.resolve();
  let underWay = 0;
  for (const slot of timedSlots(event, cadences, site.clock)) {
    await site.clock.until(new Date(slot.at));
    if (underWay >= LOOKS_AT_ONCE) {
      pass.leaveOut();
      continue;
    }
    underWay += 1;
    const look = pass.look(slot);
    judged = judged
      .then(() => pass.judge(look))
      .finally(() => {
        underWay -= 1;
      });
  }
  await judged;
  await listening;
  const report = await pass.finish(event);
  const ended = { answers: await asking, isWell: report.failures.length === 0 };
  const untold = await answerRollCall(event, fleet, site, ended);
  const others = [untold, await storage, await certificates].flat();
  return { ...report, failures: [...report.failures, ...others] };
}
