import { UserError } from "../cli/user-error.ts";
import { readFleet } from "../fleet/parse.ts";
import { FleetError } from "../fleet/problem.ts";
import { mariadbBinaries, WITHOUT_MARIADB } from "../local-cloud/mariadb/binaries.ts";
import { type Engine, isBuiltFor, traitsOf } from "../sla/engine.ts";
import type { Fleet } from "../sla/fleet.ts";

/**
 * A fleet that the local cloud can have. Rejects with UserError: exit code 1 if it is well-formed but cannot keep its promises, else 2.
 */
export async function fleetIn(file: string): Promise<Fleet> {
  const fleet = readIn(file);
  for (const { id, database } of fleet.instances) {
    const { engine = "postgres" } = database;
    const because = await whyNot(engine);
    if (because === undefined) continue;
    throw new UserError(
      `${file}: ${id} is ${traitsOf(engine).title}: ${because}; give a fleet without it by --fleet`,
    );
  }
  return fleet;
}

async function whyNot(engine: Engine): Promise<string | undefined> {
  if (!isBuiltFor(engine, "drill")) {
    return "drills and sla local up have PostgreSQL and MariaDB only";
  }
  const isThere = engine !== "mariadb" || (await mariadbBinaries()) !== undefined;
  return isThere ? undefined : WITHOUT_MARIADB;
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
