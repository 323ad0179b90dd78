import { APPROVE_FUNCTION } from "../../functions/approval/contract.ts";
import { FAILOVER_FUNCTIONS } from "../../functions/failover/contract.ts";
import { BUILD_FUNCTION, DROP_FUNCTION } from "../../functions/failover/reprotect-contract.ts";
import { FLAG_FUNCTION } from "../../functions/flag/contract.ts";
import { PUBLISH_FUNCTION } from "../../functions/ledger/contract.ts";
import { PROBE_FUNCTION } from "../../functions/probe/contract.ts";
import { SQL_FUNCTION } from "../../functions/sql/contract.ts";
import { BEAT_FUNCTION, WATCH_FUNCTION } from "../../functions/watch/contract.ts";
import { stopFlags } from "../sla/cells.ts";
import type { Fleet } from "../sla/fleet.ts";
import { firstRoles } from "../sla/roles.ts";

interface Deployed {
  readonly region: string;
  readonly name: string;
}

/** Ticks overlap: one ends while the next begins. */
const OVERLAP = 2;

/**
 * Environments that each function of this fleet has busy at once from the first minute on. Cold starts among
 * the first looks would take the cores that those looks need.
 */
export function environmentsOf(fleet: Fleet): (fn: Deployed) => number {
  const roles = fleet.instances.map((instance) => firstRoles(fleet, instance, ""));
  const owners = new Set(roles.map(({ owner }) => owner));
  const recovering = new Set(roles.flatMap(({ standby, owner }) => (standby ? [owner] : [])));
  const flagged = new Set(stopFlags(fleet).map(({ site }) => site));
  const seats = roles.flatMap(({ primary, standby }) => (standby ? [primary, standby] : [primary]));
  const inRecovery = ({ region }: Deployed) => (recovering.has(region) ? 1 : 0);
  const wanted: Readonly<Record<string, (fn: Deployed) => number>> = {
    [WATCH_FUNCTION]: () => OVERLAP,
    [BEAT_FUNCTION]: () => OVERLAP,
    [PROBE_FUNCTION]: () => owners.size,
    [SQL_FUNCTION]: ({ region }) => seats.filter((seat) => seat.region === region).length,
    [PUBLISH_FUNCTION]: () => 0,
    // Nobody waits for it: it works in the shade of a failover that is done.
    [BUILD_FUNCTION]: () => 0,
    [DROP_FUNCTION]: () => 0,
    [FLAG_FUNCTION]: ({ region }) => (flagged.has(region) ? 1 : 0),
    ...Object.fromEntries(Object.values(FAILOVER_FUNCTIONS).map((name) => [name, inRecovery])),
    // People are asked seldom, and they are slow.
    [FAILOVER_FUNCTIONS.ask]: () => 0,
    [APPROVE_FUNCTION]: () => 0,
  };
  return (fn) => wanted[fn.name]?.(fn) ?? 1;
}
