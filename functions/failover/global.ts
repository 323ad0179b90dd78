import { globalAt } from "../../lib/sla/clusters.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import type { Seat } from "../../lib/sla/roles.ts";
import { arnOf } from "./follows.ts";
import type { DatabaseState } from "./ports.ts";

/**
 * Whether RDS has made a cluster a secondary of another, and it receives: then it takes no writes, whoever reaches it. One that is only
 * named as a secondary may still be what it was.
 */
export const isSecondaryOf = (fleet: Fleet, primary: Seat, state: DatabaseState): boolean =>
  globalAt(fleet, primary) !== undefined &&
  state.source === arnOf(fleet, primary) &&
  state.status === "available" &&
  state.replication.length > 0 &&
  state.replication.every((each) => each === "replicating");
