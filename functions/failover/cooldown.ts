import type { Roles } from "../../lib/sla/roles.ts";
import { FAILOVER_MACHINE } from "./contract.ts";

/** Plan seconds after a failover in which another one needs a person: flapping loses data each time. */
const COOLDOWN_SECONDS = 1800;

/**
 * Whether a failover led to these roles, when, and the instant (ms) from which another may follow by itself. A new
 * standby does not shorten it.
 */
export function cooldownOf(
  { by, since, promotedAt }: Roles,
  pacer: { paced(seconds: number): number },
): { readonly byFailover: boolean; readonly at: string; readonly over: number } {
  const at = promotedAt ?? since;
  return {
    byFailover: promotedAt !== undefined || by.includes(`:${FAILOVER_MACHINE}:`),
    at,
    over: Date.parse(at) + pacer.paced(COOLDOWN_SECONDS),
  };
}
