import { only } from "../rows.ts";
import type { Session } from "../server.ts";
import type { CatalogueTable } from "./catalogue.ts";
import { boundaryOf, type Column, isKey, rowsOf } from "./row-statements.ts";

/** Of a table in a statement: a gigabyte, which a volume that is still being filled from its snapshot takes minutes for. */
const BYTES = 1024 ** 3;
const LEAST_ROWS = 1000;
const MOST_ROWS = 5_000_000;

const COLUMNS = `
  select column_name as name, data_type as type from information_schema.columns
  where table_schema = ? and table_name = ? order by ordinal_position`;

const LEADING = `
  select column_name as name from information_schema.statistics
  where table_schema = ? and table_name = ? and index_name = 'PRIMARY' and seq_in_index = 1`;

interface Read {
  readonly rows: number;
  readonly sum: string;
  /** Where to go on; absent: nowhere. */
  readonly next?: string;
}

/** Counts the next stretch of a table's rows, and sums them up; of one without a primary key all of them at once. */
export async function readRows(
  session: Session,
  { schema, name, table, rowBytes }: CatalogueTable,
  { from, sums }: { readonly from: string | undefined; readonly sums: boolean },
): Promise<Read> {
  const columns = await session.query<Column>(COLUMNS, [schema, name]);
  const [leading] = await session.query<{ name: string }>(LEADING, [schema, name]);
  const key = columns.find((column) => column.name === leading?.name && isKey(column));
  const behind = Math.round(
    Math.min(Math.max(BYTES / Math.max(rowBytes, 1), LEAST_ROWS), MOST_ROWS),
  );
  const begin = from !== undefined && { from };
  const until = key && (await nextBoundary(session, table, key, { ...begin, behind }));
  const stretch = { ...(key && { key }), ...begin, ...(until !== undefined && { until }) };
  const { text, values } = rowsOf(table, columns, { ...stretch, sums });
  const { rows, sum } = only(await session.query<{ rows: number; sum: string }>(text, values));
  return { rows: Number(rows), sum, ...(until !== undefined && { next: until }) };
}

/** Behind as many rows at least: many may have the same leading value. */
async function nextBoundary(
  session: Session,
  table: string,
  key: Column,
  { from, behind }: { readonly from?: string; readonly behind: number },
): Promise<string | undefined> {
  for (let far = behind; ; far *= 2) {
    const asked = { ...(from !== undefined && { from }), behind: far };
    const { text, values } = boundaryOf(table, key, asked);
    const [found] = await session.query<{ boundary: string }>(text, values);
    if (!found || found.boundary !== from) return found?.boundary;
  }
}
