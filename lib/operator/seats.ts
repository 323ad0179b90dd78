import type { DatabaseState, Registry } from "../../functions/failover/ports.ts";
import type { Roles, Seat } from "../sla/roles.ts";

/** What RDS says of both sides now; `silent`: it does not answer. */
export interface Seats {
  readonly primary: DatabaseState | "missing" | "silent";
  readonly standby: DatabaseState | "missing" | "silent";
}

export async function describeSeats(registry: Registry, roles: Roles): Promise<Seats> {
  const ask = async (seat: Seat | undefined) => {
    if (!seat) return "missing" as const;
    const state = await registry.describe(seat).catch(() => "silent" as const);
    return state ?? ("missing" as const);
  };
  const [primary, standby] = await Promise.all([ask(roles.primary), ask(roles.standby)]);
  return { primary, standby };
}
