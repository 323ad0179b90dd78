import type { LocalCloud } from "../local-cloud/cloud.ts";
import type { Fleet, Instance } from "../sla/fleet.ts";
import type { Estate } from "./estate.ts";
import type { Scene } from "./faults.ts";
import { belowThreshold } from "./stumble.ts";

/** The hands of a fault: they reach servers, processes and network paths of this run. */
export function sceneOf(cloud: LocalCloud, estate: Estate, fleet: Fleet, victim: Instance): Scene {
  const { home, database } = victim;
  const { rds } = cloud.services;
  const application = estate.apps.find((each) => each.instance === victim.id && each.site === home);
  const plan = fleet.plans[victim.plan];
  return {
    victim,
    vantages: fleet.vantages,
    killPrimary: () => rds.kill(home, database.primary),
    killApplication: async () => application?.kill(),
    blind(vantage) {
      for (const app of estate.apps) app.refuse(cloud.ground.sources.ofRegion(vantage));
    },
    stumble() {
      if (plan) application?.stumble(belowThreshold(plan.watch));
    },
    isolateHome() {
      application?.isolate();
      rds.isolate(home, database.primary);
    },
    freezePrimary: () => rds.pause(home, database.primary),
    reviveOldPrimaryOncePromoted: () =>
      oncePromoted(cloud, victim, () => rds.revive(home, database.primary)),
    thawOldPrimaryOncePromoted: () =>
      oncePromoted(cloud, victim, async () => rds.resume(home, database.primary)),
  };
}

/** Does it as soon as the standby is one no longer; what fails is in the event log. */
function oncePromoted({ ground }: LocalCloud, victim: Instance, work: () => Promise<void>): void {
  const { home, standby, database } = victim;
  if (standby === undefined || database.standby === undefined) return;
  const stop = ground.log.listen(({ service, operation, detail }) => {
    const isStandby = service === "rds" && detail["instance"] === database.standby;
    if (!isStandby || operation !== "StatusChanged" || detail["to"] !== "rebooting") return;
    stop();
    work().catch((cause: unknown) => {
      const detail = { message: String(cause) };
      ground.log.record({
        service: "drill",
        operation: "AfterPromotionFailed",
        region: home,
        detail,
      });
    });
  });
}
