import type { Clock } from "../../kernel/clock.ts";
import type {
  Content,
  ContentCursor,
  ContentHead,
  ContentRequest,
  ContentTable,
} from "../contract.ts";
import { failureOf } from "../failure.ts";
import { only } from "../rows.ts";
import type { Session } from "../server.ts";
import { type CatalogueTable, SETTINGS, schemaOf, tablesOf } from "./catalogue.ts";
import { type Checked, checkTable } from "./check-table.ts";
import type { Dialect } from "./dialect.ts";
import { DAMAGE, ERRORS } from "./errors.ts";
import { latestBeat } from "./operations.ts";
import { readRows } from "./read-rows.ts";
import { NOW } from "./statements.ts";

/** Plan seconds of looking before an answer is given and the look goes on with the next call. */
const LOOKING_SECONDS = 240;
const LOOKING_FLOOR_MS = 5000;
/** Plan seconds of one statement; the driver waits a little longer. */
const STATEMENT_SECONDS = 280;
const STATEMENT_FLOOR_MS = 25_000;
/** Of a table; more would say nothing new. */
const PROBLEMS = 5;

/** All rows of a table are read: it is to be checked. */
const READ = 1;

interface By {
  readonly clock: Clock;
  readonly dialect: Dialect;
}

/** As `content` of PostgreSQL, of all schemas of customers; tables and their indexes are checked by the server's own CHECK TABLE. */
export async function content(
  session: Session,
  { from, sums }: Pick<ContentRequest, "from" | "sums">,
  { clock, dialect }: By,
): Promise<Content> {
  const endMs = clock.now().getTime() + clock.paced(LOOKING_SECONDS, LOOKING_FLOOR_MS);
  const limit = clock.paced(STATEMENT_SECONDS, STATEMENT_FLOOR_MS) / 1000;
  for (const setting of [...SETTINGS, ...dialect.limit(limit)]) await session.query(setting);
  const tables = await tablesOf(session);
  const head = from ? undefined : await headOf(session, tables);
  const found: Found = { tables: [], unchecked: [], indexes: 0 };
  const first = tables.findIndex(({ table }) => table === from?.table);
  // Every call gets on by a statement at least, however slow the server is.
  let worked = false;
  const isLate = () => {
    const late = worked && clock.now().getTime() >= endMs;
    worked = true;
    return late;
  };
  const look = { sums: sums === true, isLate, dialect };
  for (const [index, each] of tables.slice(Math.max(first, 0)).entries()) {
    const begun =
      index === 0 && from ? from : { table: each.table, block: 0, rows: 0, problems: [] };
    const next = await lookThrough(session, each, begun, found, look);
    if (next) return { ...(head && { head }), ...found, next };
  }
  return { ...(head && { head }), ...found };
}

interface Look {
  readonly sums: boolean;
  readonly isLate: () => boolean;
  readonly dialect: Dialect;
}

interface Found {
  readonly tables: ContentTable[];
  readonly unchecked: { index: string; because: string }[];
  indexes: number;
}

async function headOf(session: Session, tables: readonly CatalogueTable[]): Promise<ContentHead> {
  const beat = await latestBeat(session);
  const { now } = only(await session.query<{ now: string }>(NOW));
  const { version } = only(await session.query<{ version: string }>("select version() as version"));
  return { at: now, ...(beat && { beat }), version, schema: await schemaOf(session, tables) };
}

/** Undefined when the table is done; else where to go on. */
async function lookThrough(
  session: Session,
  each: CatalogueTable,
  begun: ContentCursor,
  found: Found,
  { sums, isLate, dialect }: Look,
): Promise<ContentCursor | undefined> {
  let at = begun;
  while (at.block !== READ) {
    if (isLate()) return at;
    at = await readOn(session, each, at, sums);
  }
  if (isLate()) return at;
  const checked = await checkTable(session, each, dialect);
  note(found, at, checked, sums);
  return undefined;
}

/** Another stretch of its rows, or to its end where something keeps them from being read. */
async function readOn(
  session: Session,
  each: CatalogueTable,
  at: ContentCursor,
  sums: boolean,
): Promise<ContentCursor> {
  const { key: _, ...rest } = at;
  try {
    const { rows, sum, next } = await readRows(session, each, { from: at.key, sums });
    const counted = {
      ...{ ...rest, rows: at.rows + rows },
      ...(sums && { sum: String(BigInt(at.sum ?? "0") + BigInt(sum)) }),
    };
    return next === undefined ? { ...counted, block: READ } : { ...counted, key: next };
  } catch (cause) {
    const { code = "", message } = failureOf(cause);
    if (DAMAGE.has(code)) return { ...rest, block: READ, problems: [...at.problems, message] };
    if (code !== ERRORS.tableDenied) throw cause;
    return { ...rest, block: READ, unread: { because: message, isOfExtension: false } };
  }
}

function note(found: Found, at: ContentCursor, checked: Checked, sums: boolean): void {
  const { table, rows, unread, sum } = at;
  const problems = [...at.problems, ...checked.problems].slice(0, PROBLEMS);
  const isSound = problems.length === 0 && !unread;
  found.indexes += checked.indexes;
  if (checked.leftOut !== undefined)
    found.unchecked.push({ index: table, because: checked.leftOut });
  found.tables.push({
    ...{ table, rows, problems },
    ...(unread && { unread }),
    ...(sums && isSound && sum !== undefined && { sum }),
  });
}
