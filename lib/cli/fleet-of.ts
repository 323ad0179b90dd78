import { inspectFleetFile } from "../fleet/parse.ts";
import { FleetError } from "../fleet/problem.ts";
import type { Fleet } from "../sla/fleet.ts";
import { fleetFileOf } from "./fleet-file.ts";
import { UserError } from "./user-error.ts";

/**
 * The fleet of the file asked for, be it that it promises too much: what is deployed has to be looked after
 * all the same. Throws UserError with every other mistake.
 */
export function fleetOf(asked: string | undefined): Fleet {
  const path = fleetFileOf(asked);
  try {
    const { fleet, problems } = inspectFleetFile(path);
    if (fleet) return fleet;
    throw new FleetError(path, problems);
  } catch (cause) {
    if (cause instanceof FleetError) throw new UserError(cause.message, 2, { cause });
    throw cause;
  }
}
