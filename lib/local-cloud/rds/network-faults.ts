import { applyCuts } from "./cuts.ts";
import type { World } from "./world.ts";

/** What happens to the networks around servers that live on. */
export interface NetworkFaults {
  /** Nothing gets into or out of the region's databases, replication included. */
  cutOff(region: string): void;
  reconnect(region: string): void;
  /**
   * Of all clients only those of the region's networks (what carries a security group) get through any more;
   * replication goes on.
   */
  isolate(region: string, id: string): void;
  rejoin(region: string, id: string): void;
  /** Nothing of its primary's log arrives at a read replica any more; both serve on. */
  starve(region: string, id: string): void;
  feed(region: string, id: string): void;
}

export function networkFaultsOf(world: World): NetworkFaults {
  const { inventory, log, cutRegions, isolated, starved } = world;
  const told = (region: string, operation: string, detail: { readonly instance?: string }) => {
    log.record({ region, service: "rds", operation, detail });
    applyCuts(world);
  };
  return {
    cutOff(region) {
      cutRegions.add(region);
      told(region, "RegionCutOff", {});
    },
    reconnect(region) {
      cutRegions.delete(region);
      told(region, "RegionReconnected", {});
    },
    isolate(region, id) {
      isolated.add(inventory.get(region, id));
      told(region, "ServerIsolated", { instance: id });
    },
    rejoin(region, id) {
      isolated.delete(inventory.get(region, id));
      told(region, "ServerRejoined", { instance: id });
    },
    starve(region, id) {
      starved.add(inventory.get(region, id));
      told(region, "ReplicationStopped", { instance: id });
    },
    feed(region, id) {
      starved.delete(inventory.get(region, id));
      told(region, "ReplicationResumed", { instance: id });
    },
  };
}
