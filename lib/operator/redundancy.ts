import type { Entry } from "../../functions/watch/shard-state.ts";
import { isRegional } from "../sla/clusters.ts";
import type { Instance } from "../sla/fleet.ts";
import type { Roles } from "../sla/roles.ts";
import type { AtWork } from "./at-work.ts";
import type { Gauge } from "./gauge-now.ts";

/**
 * `none-sold`: the fleet names no standby. `degraded`: it does, and there is none; `building`: not yet. `broken`: RDS has
 * ended its replication. `members`: others of its cluster take over.
 */
export type Redundancy =
  | "streaming"
  | "broken"
  | "not-streaming"
  | "unknown"
  | "building"
  | "degraded"
  | "members"
  | "none-sold";

interface Signs extends Pick<AtWork, "reprotect"> {
  readonly roles: Roles | undefined;
  readonly gauge: Gauge | undefined;
  readonly entry: Entry | undefined;
}

export function redundancyOf(
  instance: Instance,
  { roles, gauge, entry, reprotect }: Signs,
): Redundancy {
  if (!roles?.standby) return withoutStandby(instance, reprotect !== undefined);
  if (gauge?.broken !== undefined) return "broken";
  const streaming = entry?.epoch === roles.epoch ? entry.lastSeen?.streaming : undefined;
  if (streaming === undefined) return "unknown";
  return streaming ? "streaming" : "not-streaming";
}

function withoutStandby(instance: Instance, isBuilding: boolean): Redundancy {
  if (isRegional(instance)) return "members";
  if (instance.standby === undefined) return "none-sold";
  return isBuilding ? "building" : "degraded";
}
