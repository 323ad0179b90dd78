import { type DBCluster, DescribeDBInstancesCommand, type RDSClient } from "@aws-sdk/client-rds";
import type { Seat } from "../../lib/sla/roles.ts";
import type { Member } from "../failover/ports.ts";
import { answered } from "./cloud-errors.ts";

/** Of a Multi-AZ DB cluster RDS says no tier: all are alike. */
const LAST_TIER = 15;

/** A cluster says who writes, an instance how it is and where it answers. One that is not described any more is `gone`. */
export async function membersOf(
  client: RDSClient,
  { region, database }: Seat,
  { DBClusterMembers = [] }: DBCluster,
): Promise<readonly Member[]> {
  const command = new DescribeDBInstancesCommand({
    Filters: [{ Name: "db-cluster-id", Values: [database] }],
    MaxRecords: 100,
  });
  const found = await answered(
    `describe the members of ${database} in ${region}`,
    client.send(command),
  );
  const byId = new Map(
    (found.DBInstances ?? []).map((each) => [each.DBInstanceIdentifier, each] as const),
  );
  return DBClusterMembers.flatMap(({ DBInstanceIdentifier: id, ...said }): Member[] => {
    if (id === undefined) return [];
    const { DBInstanceStatus: status = "gone", Endpoint } = byId.get(id) ?? {};
    const { Address: host, Port: port = 5432 } = Endpoint ?? {};
    return [
      {
        ...{ id, status, isWriter: said.IsClusterWriter ?? false },
        tier: said.PromotionTier ?? LAST_TIER,
        ...(host !== undefined && { endpoint: { host, port } }),
      },
    ];
  });
}
