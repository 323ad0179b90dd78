import { ESTIMATES, SCHEMA, VERSION, WITH_ALL_SCHEMAS } from "./content-statements.ts";
import type { Figures } from "./contract.ts";
import { only } from "./rows.ts";
import type { Session } from "./server.ts";

/** What a restore of a backup taken now will be compared with; costs its primary no read of a table. */
export async function figures(session: Session): Promise<Figures> {
  const { now } = only(await session.query<{ now: Date }>(VERSION));
  const estimates = await session.query<{ table: string; rows: number }>(ESTIMATES);
  return {
    at: now.toISOString(),
    schema: await schemaOf(session),
    rows: Object.fromEntries(estimates.map(({ table, rows }) => [table, Math.round(rows)])),
  };
}

/** In a transaction, so that the session goes on as it was. */
export async function schemaOf(session: Session): Promise<string> {
  await session.query("begin");
  await session.query(WITH_ALL_SCHEMAS);
  const { schema } = only(await session.query<{ schema: string }>(SCHEMA));
  await session.query("commit");
  return schema;
}
