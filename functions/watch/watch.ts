import type { Fleet } from "../../lib/sla/fleet.ts";
import { instancesOf } from "../../lib/sla/shards.ts";
import type { TickEvent } from "./contract.ts";
import { Pass, type Site, type WatchReport } from "./pass.ts";
import { timedSlots } from "./tick.ts";

/**
 * One invocation: all looks of a tick at one shard. Looks overlap where an answer takes longer than the
 * cadence; they are judged in the order of their slots.
 */
export async function watch(event: TickEvent, fleet: Fleet, site: Site): Promise<WatchReport> {
  const pass = new Pass(event.shard, fleet, site);
  const cadences = instancesOf(fleet, event.shard).flatMap(
    ({ plan }) => fleet.plans[plan]?.watch.everySeconds ?? [],
  );
  const listening = pass.listen(event.scheduledTime);
  let judged = Promise.resolve();
  for (const slot of timedSlots(event, cadences, site.clock)) {
    await site.clock.until(new Date(slot.at));
    const look = pass.look(slot);
    judged = judged.then(() => pass.judge(look));
  }
  await judged;
  await listening;
  return pass.finish(event);
}
