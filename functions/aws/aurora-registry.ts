import {
  type DBCluster,
  DescribeDBClustersCommand,
  DescribeGlobalClustersCommand,
  type GlobalCluster,
  RDSClient,
} from "@aws-sdk/client-rds";
import { type ClusterSeat, type GlobalSeat, isGlobalSeat } from "../../lib/sla/clusters.ts";
import type { DatabaseState } from "../failover/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { clusterState } from "./aurora-state.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { thereOrNot } from "./cloud-errors.ts";
import { membersOf } from "./cluster-members.ts";

/** As `Registry`, of clusters: everything is asked of the cluster's own region, which may be the only one that answers. */
interface ClusterRegistry {
  describe(seat: ClusterSeat): Promise<DatabaseState | undefined>;
}

export function auroraRegistry(clock: Clock): ClusterRegistry {
  const clients = perRegion((region) => new RDSClient(clientSettings(clock, { region })));
  return {
    async describe(seat) {
      const client = clients(seat.region);
      if (!isGlobalSeat(seat)) return regionalState(client, seat);
      const [cluster, global] = await Promise.all([
        clusterOf(client, seat),
        globalOf(client, seat),
      ]);
      return cluster && clusterState(cluster, global);
    },
  };
}

/** One of its region alone, with its members. */
async function regionalState(
  client: RDSClient,
  seat: ClusterSeat,
): Promise<DatabaseState | undefined> {
  const cluster = await clusterOf(client, seat);
  return cluster && clusterState(cluster, undefined, await membersOf(client, seat, cluster));
}

/** Undefined if there is none. */
export async function clusterOf(
  client: RDSClient,
  { region, database }: ClusterSeat,
): Promise<DBCluster | undefined> {
  const command = new DescribeDBClustersCommand({ DBClusterIdentifier: database });
  const doing = `describe the cluster ${database} in ${region}`;
  const found = await thereOrNot(doing, client.send(command), "DBClusterNotFoundFault");
  return found?.DBClusters?.[0];
}

/** Undefined if there is none. */
export async function globalOf(
  client: RDSClient,
  { region, global }: GlobalSeat,
): Promise<GlobalCluster | undefined> {
  const command = new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: global });
  const doing = `describe the global database ${global} in ${region}`;
  const found = await thereOrNot(doing, client.send(command), "GlobalClusterNotFoundFault");
  return found?.GlobalClusters?.[0];
}
