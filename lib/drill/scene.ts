import type { LocalCloud } from "../local-cloud/cloud.ts";
import type { Fleet, Instance } from "../sla/fleet.ts";
import type { Estate } from "./estate.ts";
import type { Scene } from "./faults.ts";

/** The hands of a fault: they reach servers, processes and network paths of this run. */
export function sceneOf(cloud: LocalCloud, estate: Estate, fleet: Fleet, victim: Instance): Scene {
  const { home, database, standby } = victim;
  return {
    victim,
    vantages: fleet.vantages,
    killPrimary: () => cloud.services.rds.kill(home, database.primary),
    async killApplication() {
      const app = estate.apps.find((each) => each.instance === victim.id && each.site === home);
      await app?.kill();
    },
    blind(vantage) {
      for (const app of estate.apps) app.refuse(cloud.ground.sources.ofRegion(vantage));
    },
    reviveOldPrimaryOncePromoted() {
      if (standby === undefined || database.standby === undefined) return;
      const stop = cloud.ground.log.listen(({ service, operation, detail }) => {
        const isStandby = service === "rds" && detail["instance"] === database.standby;
        if (!isStandby || operation !== "StatusChanged" || detail["to"] !== "rebooting") return;
        stop();
        cloud.services.rds.revive(home, database.primary).catch((cause: unknown) => {
          cloud.ground.log.record({
            service: "drill",
            operation: "ReviveFailed",
            region: home,
            detail: { message: String(cause) },
          });
        });
      });
    },
  };
}
