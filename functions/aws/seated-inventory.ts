import {
  type DBCluster,
  type GlobalCluster,
  paginateDescribeDBClusters,
  paginateDescribeGlobalClusters,
  RDSClient,
} from "@aws-sdk/client-rds";
import { clustersOf, isGlobalSeat } from "../../lib/sla/clusters.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Endpoint, Inventory } from "../watch/ports.ts";
import { clusterState } from "./aurora-state.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { answered } from "./cloud-errors.ts";
import { rdsInventory } from "./rds-inventory.ts";

const SETTINGS = { answerSeconds: 4 };
const PAGE = { pageSize: 100 };

/** Instances and clusters of the fleet; clusters are asked for only in regions where it has some. */
export function seatedInventory(clock: Clock, fleet: () => Promise<Fleet>): Inventory {
  const instances = rdsInventory(clock);
  const clients = perRegion(
    (region) => new RDSClient(clientSettings(clock, { ...SETTINGS, region })),
  );
  return {
    async describe(region) {
      const ours = clustersOf(await fleet()).filter((each) => each.region === region);
      const names = new Set(ours.map(({ database }) => database));
      const [all, clusters] = await Promise.all([
        instances.describe(region),
        names.size === 0
          ? []
          : clustersIn(clients(region), region, { names, isGlobal: ours.some(isGlobalSeat) }),
      ]);
      return new Map([...all, ...clusters]);
    },
  };
}

async function clustersIn(
  client: RDSClient,
  region: string,
  { names, isGlobal }: { readonly names: ReadonlySet<string>; readonly isGlobal: boolean },
): Promise<readonly (readonly [string, Endpoint])[]> {
  const paging = { ...PAGE, client };
  const doing = `describe the clusters of ${region}`;
  const [clusters, globals] = await Promise.all([
    answered(doing, Array.fromAsync(paginateDescribeDBClusters(paging, {}))),
    isGlobal ? answered(doing, Array.fromAsync(paginateDescribeGlobalClusters(paging, {}))) : [],
  ]);
  const known = globals.flatMap(({ GlobalClusters = [] }) => GlobalClusters);
  return clusters
    .flatMap(({ DBClusters = [] }) => DBClusters)
    .flatMap((cluster) => endpointOf(cluster, known))
    .filter(([name]) => names.has(name));
}

/** Of one that follows another the place where it can be asked. */
function endpointOf(cluster: DBCluster, globals: readonly GlobalCluster[]) {
  const { DBClusterIdentifier: name, DBClusterArn: arn } = cluster;
  const global = globals.find(({ GlobalClusterMembers = [] }) =>
    GlobalClusterMembers.some((member) => member.DBClusterArn === arn),
  );
  const { endpoint, reader, replication } = clusterState(cluster, global);
  const place = reader ?? endpoint;
  if (name === undefined || !place) return [];
  return [[name, { ...place, ...(replication.length > 0 && { replication }) }] as const];
}
