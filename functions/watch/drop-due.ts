import { freePercent, isBelow } from "../../lib/sla/storage.ts";
import type { ReprotectRequest } from "../failover/reprotect-contract.ts";
import type { Gauged } from "./gauges.ts";
import type { ShardState } from "./shard-state.ts";
import { incidentOf } from "./storage-notices.ts";

/**
 * What has to be asked for if a standby is to be given up: its plan says so, the log kept for it has left less free
 * than the plan lets it, and its primary is well, for all that the newest look knows. The machine looks again, under
 * the lock of the instance. Undefined: nothing. `hour`: ISO 8601; begun once in it.
 */
export function dropDue(
  { subject, use }: Gauged,
  { instances, regions = {} }: Pick<ShardState, "instances" | "regions">,
  { hour, at }: { readonly hour: string; readonly at: string },
): ReprotectRequest | undefined {
  const { instance, plan, roles } = subject;
  const belowPercent = plan.storage?.dropStandbyBelowPercent;
  if (belowPercent === undefined || !use || !roles.standby) return undefined;
  if (instance.failover === "alert-only") return undefined;
  if (use.keptFor !== "replica" || !isBelow(use, belowPercent)) return undefined;
  const entry = instances[instance.id];
  const isWell = entry?.epoch === roles.epoch && entry.incident.kind === "healthy";
  if (!isWell || regions[roles.primary.region]) return undefined;
  return {
    instance: instance.id,
    incident: incidentOf("storage", at),
    epoch: roles.epoch,
    trigger: "watch",
    reason: `${freePercent(use)} % of the storage of ${roles.primary.database} are free at most, because of the log kept for ${roles.standby.database}`,
    drop: { belowPercent, hour },
  };
}
