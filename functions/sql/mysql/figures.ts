import type { Figures } from "../contract.ts";
import { only } from "../rows.ts";
import { NotGranted, type Session } from "../server.ts";
import { SETTINGS, schemaOf, tablesOf } from "./catalogue.ts";
import type { Dialect } from "./dialect.ts";
import { NOW } from "./statements.ts";

/** Estimates of InnoDB err by as much (MySQL manual, "The INFORMATION_SCHEMA TABLES Table"): so many are there at least. */
const SURE_SHARE = 0.5;

/** Without one of them the catalogue hides all columns but ours; the second reads nothing, and does nothing by itself. */
const SEES_ALL = `
  select count(*) as seen from information_schema.user_privileges
  where privilege_type in ('SELECT', 'REFERENCES')`;

/** What a restore of a backup taken now will be compared with; costs its primary no read of a table. */
export async function figures(session: Session, { fresh }: Dialect): Promise<Figures> {
  const { seen } = only(await session.query<{ seen: number }>(SEES_ALL));
  if (Number(seen) === 0) {
    throw new NotGranted(
      "our login sees no tables of customers: grant references on *.* to it (docs/engines.md)",
    );
  }
  for (const setting of [...SETTINGS, ...fresh]) await session.query(setting);
  const { now } = only(await session.query<{ now: string }>(NOW));
  const tables = await tablesOf(session);
  return {
    at: now,
    schema: await schemaOf(session, tables),
    rows: Object.fromEntries(
      tables.map(({ table, rows }) => [table, Math.floor(rows * SURE_SHARE)]),
    ),
  };
}
