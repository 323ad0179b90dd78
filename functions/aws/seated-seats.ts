import { type DBCluster, type GlobalCluster, RDSClient } from "@aws-sdk/client-rds";
import { clusterAt, isGlobalSeat } from "../../lib/sla/clusters.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Databases, LiveSeat } from "../live/ports.ts";
import { clusterOf, globalOf } from "./aurora-registry.ts";
import { clusterState } from "./aurora-state.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { rdsSeats } from "./rds-seats.ts";

const PATIENT = { answerSeconds: 20, answerFloorMs: 5000 } as const;

/** As `rdsSeats`, of clusters too, each of which is asked for by itself. */
export function seatedSeats(clock: Clock, fleet: Fleet): Databases {
  const instances = rdsSeats(clock);
  const clients = perRegion(
    (region) => new RDSClient(clientSettings(clock, { region, ...PATIENT })),
  );
  return {
    async look(seat) {
      const it = clusterAt(fleet, seat);
      if (!it) return instances.look(seat);
      const client = clients(seat.region);
      const [cluster, found] = await Promise.all([
        clusterOf(client, it),
        isGlobalSeat(it) ? globalOf(client, it) : undefined,
      ]);
      return cluster && clusterSeat(cluster, found);
    },
  };
}

/** Members have classes and parameter groups of their own, which nobody compares. */
function clusterSeat(cluster: DBCluster, global: GlobalCluster | undefined): LiveSeat {
  const state = clusterState(cluster, global);
  const [replication] = state.replication;
  const endpoint = state.endpoint?.host.toLowerCase();
  return {
    ...{ id: cluster.DBClusterIdentifier ?? "", arn: cluster.DBClusterArn ?? "", isCluster: true },
    ...{ status: state.status, instanceClass: "cluster", retentionDays: state.backupRetentionDays },
    multiAz: (cluster.DBClusterMembers ?? []).length > 1,
    encrypted: cluster.StorageEncrypted ?? false,
    deletionProtection: cluster.DeletionProtection ?? false,
    groups: state.groups.map(({ id }) => id),
    ...(endpoint !== undefined && { endpoint }),
    ...(state.source !== undefined && { replicaOf: state.source }),
    ...(replication !== undefined && { replication }),
    tags: state.tags,
  };
}
