import { clusterAt } from "../../lib/sla/clusters.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import type { Seat } from "../../lib/sla/roles.ts";

export const arnOf = (fleet: Fleet, seat: Seat) =>
  `arn:aws:rds:${seat.region}:${fleet.provider.account}:${clusterAt(fleet, seat) === undefined ? "db" : "cluster"}:${seat.database}`;

/** How RDS names the source of a replica: by its identifier in the same region, by its ARN in another. */
export const sourceName = (fleet: Fleet, source: Seat, replica: Seat): string =>
  source.region === replica.region ? source.database : arnOf(fleet, source);
