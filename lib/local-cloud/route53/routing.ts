import type { ResourceRecordSet } from "@aws-sdk/client-route-53";

/** Whether a health check, by its id, is healthy now. */
export type IsHealthy = (healthCheck: string) => boolean;

/**
 * The one set of a name and type that answers now. Without a check a record is healthy; with both
 * unhealthy the primary answers, as on AWS. `EvaluateTargetHealth` counts a local target as healthy.
 */
export function choose(
  sets: readonly ResourceRecordSet[],
  isHealthy: IsHealthy,
): ResourceRecordSet | undefined {
  const role = (wanted: "PRIMARY" | "SECONDARY") =>
    sets.find(({ Failover }) => Failover === wanted);
  const healthy = (set: ResourceRecordSet) =>
    set.HealthCheckId === undefined || isHealthy(set.HealthCheckId);
  const [primary, secondary] = [role("PRIMARY"), role("SECONDARY")];
  if (!primary) return secondary ?? sets[0];
  return secondary && !healthy(primary) && healthy(secondary) ? secondary : primary;
}
