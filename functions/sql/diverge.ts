import type { Clock } from "../kernel/clock.ts";
import type { Changed, Divergence, DivergentTable, SqlRequest } from "./contract.ts";
import type { Session } from "./server.ts";
import { CHANGED, COUNT_SINCE, ROWS_SINCE, SHOW_ALL_ROWS, TABLES } from "./statements.ts";

/** Rows of a table in an answer; what is beyond is counted. */
const ROWS = 10_000;
/** Characters of all rows in an answer: a function's answer holds 6 MB. */
const SIZE = 3_000_000;
/** Plan seconds for all tables: the function ends after thirty. */
const LOOKING_SECONDS = 15;
const LOOKING_FLOOR_MS = 5000;

/**
 * Rows written at or after the horizon, table by table, small ones first. No index helps with that: a table too
 * large to be read through in a statement's time is named as unread, like one that our login may not read.
 */
export async function diverge(
  session: Session,
  { horizon }: SqlRequest & { readonly operation: "diverge" },
  clock: Clock,
): Promise<Divergence> {
  const end = clock.now().getTime() + clock.paced(LOOKING_SECONDS, LOOKING_FLOOR_MS);
  const tables: DivergentTable[] = [];
  const unread: { table: string; because: string }[] = [];
  let size = 0;
  const [counted] = await session.query<{ changed: Changed }>(CHANGED);
  await session.query(SHOW_ALL_ROWS);
  for (const { name: table } of await session.query<{ name: string }>(TABLES)) {
    try {
      if (clock.now().getTime() >= end) throw new Error("no time left");
      const found = await divergentIn(session, table, horizon, size < SIZE ? ROWS : 0);
      if (found.count > 0) tables.push(found);
      size += JSON.stringify(found.rows).length;
    } catch (cause) {
      unread.push({ table, because: (cause as Error).message });
    }
  }
  return { tables, unread, ...(counted && { changed: counted.changed }) };
}

async function divergentIn(
  session: Session,
  table: string,
  horizon: string,
  limit: number,
): Promise<DivergentTable> {
  const [counted] = await session.query<{ count: number }>(COUNT_SINCE(table), [horizon]);
  const count = counted?.count ?? 0;
  if (count === 0 || limit === 0) return { table, count, rows: [] };
  const found = await session.query<{ row: unknown }>(ROWS_SINCE(table), [horizon, limit]);
  return { table, count, rows: fitting(found.map(({ row }) => row)) };
}

function fitting(rows: readonly unknown[]): readonly unknown[] {
  let size = 0;
  return rows.filter((row) => {
    size += JSON.stringify(row).length;
    return size <= SIZE / 2;
  });
}
