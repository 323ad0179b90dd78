import type { Instance } from "../../lib/sla/fleet.ts";
import type { Seat } from "../../lib/sla/roles.ts";
import type { Reading, SqlResult, SqlTarget } from "../sql/contract.ts";
import type { Said } from "./case.ts";
import { isSilence } from "./errors.ts";
import type { DatabaseState, Registry, Sql } from "./ports.ts";

/** How the SQL function finds a database; undefined while it has no endpoint. */
export function sqlTarget(instance: Instance, state: DatabaseState): SqlTarget | undefined {
  const place = state.reader ?? state.endpoint;
  if (!place) return undefined;
  const { secret, name, engine } = instance.database;
  const at = { instance: instance.id, ...place, database: name, secret };
  return { ...at, ...(engine !== undefined && { engine }) };
}

interface Senses {
  readonly registry: Registry;
  readonly sql: Sql;
}

/** What the database at this seat says of itself, or why it says nothing. Never rejects for silence. */
export async function ask(senses: Senses, instance: Instance, seat: Seat): Promise<Said> {
  try {
    const state = await senses.registry.describe(seat);
    if (!state)
      return { answered: false, kind: "gone", message: `${seat.database} does not exist` };
    return await askDescribed(senses.sql, instance, seat, state);
  } catch (cause) {
    if (!isSilence(cause)) throw cause;
    return { answered: false, kind: "region", message: (cause as Error).message };
  }
}

export async function askDescribed(
  sql: Sql,
  instance: Instance,
  seat: Seat,
  state: DatabaseState,
): Promise<Said> {
  const target = sqlTarget(instance, state);
  if (!target) {
    return {
      answered: false,
      kind: "unreachable",
      message: `${seat.database} has no endpoint yet`,
    };
  }
  return said(await sql.ask<Reading>(seat.region, { operation: "read", targets: [target] }));
}

const said = (result: SqlResult<Reading>): Said =>
  result.ok
    ? { answered: true, reading: result.value }
    : { answered: false, kind: result.failure.kind, message: result.failure.message };
