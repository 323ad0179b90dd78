import { clusterAt, isGlobalSeat } from "../../lib/sla/clusters.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import type { Fence, Registry, Standby } from "../failover/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { auroraFence } from "./aurora-fence.ts";
import { auroraRegistry } from "./aurora-registry.ts";
import { auroraStandby } from "./aurora-standby.ts";
import { clusterWriter } from "./cluster-writer.ts";
import { rdsFence } from "./rds-fence.ts";
import { rdsRegistry } from "./rds-registry.ts";
import { rdsStandby } from "./rds-standby.ts";

/*
 * The ports of a failover for fleets of instances and of clusters: what is at a seat the fleet says.
 */

export function seatedRegistry(clock: Clock): (fleet: Fleet) => Registry {
  const [instances, clusters] = [rdsRegistry(clock), auroraRegistry(clock)];
  return (fleet) => ({
    describe(seat) {
      const cluster = clusterAt(fleet, seat);
      return cluster ? clusters.describe(cluster) : instances.describe(seat);
    },
  });
}

export function seatedFence(clock: Clock): (fleet: Fleet) => Fence {
  const [instances, clusters] = [rdsFence(clock), auroraFence(clock)];
  return (fleet) => {
    const at = (seat: Parameters<Fence["reboot"]>[0]) =>
      clusterAt(fleet, seat) ? clusters : instances;
    return {
      admitOnly: (seat, groups) => at(seat).admitOnly(seat, groups),
      reboot: (seat) => at(seat).reboot(seat),
    };
  };
}

export function seatedStandby(clock: Clock, account: string): (fleet: Fleet) => Standby {
  const [instances, globals] = [rdsStandby(clock), auroraStandby(clock, account)];
  const regionals = clusterWriter(clock);
  return (fleet) => ({
    promote(seat, options) {
      const cluster = clusterAt(fleet, seat);
      if (!cluster) return instances.promote(seat, options);
      return isGlobalSeat(cluster)
        ? globals.promote(cluster, options)
        : regionals.promote(cluster, options);
    },
  });
}
