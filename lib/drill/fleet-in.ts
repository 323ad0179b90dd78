import { UserError } from "../cli/user-error.ts";
import { readFleet } from "../fleet/parse.ts";
import { FleetError } from "../fleet/problem.ts";
import type { Fleet } from "../sla/fleet.ts";

/** Throws UserError: exit code 1 if the fleet is well-formed but cannot keep its promises, else 2. */
export function fleetIn(file: string): Fleet {
  try {
    return readFleet(file);
  } catch (cause) {
    if (!(cause instanceof FleetError)) throw cause;
    const wellFormed = cause.problems.every(({ kind }) => kind === "promise");
    throw new UserError(cause.message, wellFormed ? 1 : 2, { cause });
  }
}
