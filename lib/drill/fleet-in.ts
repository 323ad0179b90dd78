import { UserError } from "../cli/user-error.ts";
import { readFleet } from "../fleet/parse.ts";
import { FleetError } from "../fleet/problem.ts";
import { traitsOf } from "../sla/engine.ts";
import type { Fleet } from "../sla/fleet.ts";

/**
 * A fleet that the local cloud can have. Throws UserError: exit code 1 if it is well-formed but cannot keep its promises, else 2.
 */
export function fleetIn(file: string): Fleet {
  const fleet = readIn(file);
  const other = fleet.instances.find(({ database }) => !traitsOf(database.engine).isWhole);
  if (!other) return fleet;
  const { title } = traitsOf(other.database.engine);
  throw new UserError(
    `${file}: ${other.id} is ${title}: drills and sla local up know PostgreSQL only; give a fleet without it by --fleet`,
  );
}

function readIn(file: string): Fleet {
  try {
    return readFleet(file);
  } catch (cause) {
    if (!(cause instanceof FleetError)) throw cause;
    const wellFormed = cause.problems.every(({ kind }) => kind === "promise");
    throw new UserError(cause.message, wellFormed ? 1 : 2, { cause });
  }
}
