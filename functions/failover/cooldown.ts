import type { Roles } from "../../lib/sla/roles.ts";
import { FAILOVER_MACHINE } from "./contract.ts";

/** Plan seconds after a failover in which another one needs a person: flapping loses data each time. */
const COOLDOWN_SECONDS = 1800;

/** Whether a failover led to these roles, and the instant (ms) from which another may follow by itself. */
export const cooldownOf = (
  { by, since }: Roles,
  pacer: { paced(seconds: number): number },
): { readonly byFailover: boolean; readonly over: number } => ({
  byFailover: by.includes(`:${FAILOVER_MACHINE}:`),
  over: Date.parse(since) + pacer.paced(COOLDOWN_SECONDS),
});
