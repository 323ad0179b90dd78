import type { Clock } from "../kernel/clock.ts";
import {
  CHECK_INDEX,
  COUNT_BLOCKS,
  DAMAGE,
  FIND_CHECKER,
  INDEXES,
  OTHER_DATABASES,
  PREPARATION,
  SETTINGS,
  SUM_BLOCKS,
  TABLES_WITH_BLOCKS,
  VERSION,
} from "./content-statements.ts";
import type {
  Content,
  ContentCursor,
  ContentHead,
  ContentRequest,
  ContentTable,
} from "./contract.ts";
import { failureOf } from "./failure.ts";
import { schemaOf } from "./figures.ts";
import { latestBeat } from "./operations.ts";
import { only } from "./rows.ts";
import type { Session } from "./server.ts";

/** Plan seconds of looking before an answer is given and the look goes on with the next call. */
const LOOKING_SECONDS = 240;
const LOOKING_FLOOR_MS = 5000;
/** Blocks in a statement: a gigabyte, which a volume that is still being filled from its snapshot takes minutes for. */
const BLOCKS = 131_072;
/** Of a table; more would say nothing new. */
const PROBLEMS = 5;

/** Objects by number, as text. */
interface Table {
  readonly table: string;
  readonly oid: string;
  readonly blocks: number;
  /** What holds its values that are too long for a block; 0: nothing does. */
  readonly toast: string;
  readonly toastBlocks: number;
  readonly isOfExtension: boolean;
}

/**
 * Reads every row of a restored database, has the structure of its tables and B-trees checked, and says what was found; as far as the
 * time of a call goes. Damage is an answer; only a server that cannot be asked is an error.
 */
export async function content(
  session: Session,
  { from, sums }: Pick<ContentRequest, "from" | "sums">,
  clock: Clock,
): Promise<Content> {
  const endMs = clock.now().getTime() + clock.paced(LOOKING_SECONDS, LOOKING_FLOOR_MS);
  let worked = false;
  // Every call gets on by a statement at least, however slow the server is.
  const isLate = () => {
    const late = worked && clock.now().getTime() >= endMs;
    worked = true;
    return late;
  };
  for (const setting of SETTINGS) await session.query(setting);
  if (!from) for (const step of PREPARATION) await session.query(step);
  await session.query(FIND_CHECKER);
  const look = { sums: sums === true, isLate };
  if (from) return tablesFrom(session, from, look);
  const head = await headOf(session);
  return { head, ...(await tablesFrom(session, undefined, look)) };
}

async function tablesFrom(
  session: Session,
  from: ContentCursor | undefined,
  look: Look,
): Promise<Content> {
  const found: Found = { tables: [], unchecked: [], indexes: 0 };
  const all = await session.query<Table>(TABLES_WITH_BLOCKS);
  const first = all.findIndex(({ table }) => table === from?.table);
  for (const [index, each] of all.slice(Math.max(first, 0)).entries()) {
    const begun = index === 0 && from ? from : { table: each.table, block: 0, ...NOTHING };
    const next =
      index > 0 && look.isLate() ? begun : await lookThrough(session, each, begun, found, look);
    if (next) return { ...found, next };
  }
  return found;
}

interface Look {
  readonly sums: boolean;
  readonly isLate: () => boolean;
}

const NOTHING = { rows: 0, problems: [] } as const;

interface Index {
  readonly index: string;
  readonly oid: string;
}

interface Found {
  readonly tables: ContentTable[];
  readonly unchecked: { index: string; because: string }[];
  indexes: number;
}

async function headOf(session: Session): Promise<ContentHead> {
  const beat = await latestBeat(session);
  const { version, now } = only(await session.query<{ version: string; now: Date }>(VERSION));
  const at = now.toISOString();
  const others = (await session.query<{ name: string }>(OTHER_DATABASES)).map(({ name }) => name);
  const schema = await schemaOf(session);
  return { at, ...(beat && { beat }), version, schema, ...(others.length > 0 && { others }) };
}

/** A cursor on its way. */
type Progress = { -readonly [Key in keyof ContentCursor]: ContentCursor[Key] } & {
  readonly problems: string[];
};

/** Undefined when the table is done; else where to go on. */
async function lookThrough(
  session: Session,
  each: Table,
  begun: ContentCursor,
  found: Found,
  { sums, isLate }: Look,
): Promise<ContentCursor | undefined> {
  const at: Progress = { ...begun, problems: [...begun.problems] };
  if (!(await readBlocks(session, each, at, isLate))) return at;
  if (sums && !(await sumUp(session, each, at, isLate))) return at;
  const { oid, toast } = each;
  const rest = await session.query<Index>(INDEXES, [oid, at.index ?? "", toast]);
  for (const index of rest) {
    if (isLate()) return at;
    await checkIndex(session, index, at.problems, found);
    at.index = index.index;
  }
  const { table, rows, problems, unread, sum } = at;
  const some = problems.slice(0, PROBLEMS);
  found.tables.push({
    ...{ table, rows, problems: some },
    ...(unread && { unread }),
    ...(sums && isSound(at) && { sum: sum ?? "0" }),
  });
  return undefined;
}

/** False when the time is over before all were read. */
async function readBlocks(
  session: Session,
  each: Table,
  at: Progress,
  isLate: () => boolean,
): Promise<boolean> {
  while (at.block < each.blocks + each.toastBlocks) {
    if (isLate()) return false;
    const { object, isRows, start, end, next } = stretchAt(each, at.block);
    if (isRows && !at.unread) await countOn(session, each, at, start, end);
    const damage = () => damageIn(session, object, start, end);
    at.problems.push(...(await damageTo(at.problems, damage, [])));
    at.block = next;
  }
  return true;
}

/** What is damaged, or shut, has no sum. */
const isSound = ({ problems, unread }: ContentCursor) => problems.length === 0 && !unread;

/**
 * Once all its blocks were read, long values too, so that a volume has been filled with them: counted on behind those. False when the time
 * is over before all rows are summed up.
 */
async function sumUp(
  session: Session,
  each: Table,
  at: Progress,
  isLate: () => boolean,
): Promise<boolean> {
  const begin = each.blocks + each.toastBlocks;
  while (isSound(at) && at.block < begin + each.blocks) {
    if (isLate()) return false;
    const start = at.block - begin;
    const end = Math.min(start + BLOCKS, each.blocks);
    const read = async () =>
      only(await session.query<{ sum: string }>(SUM_BLOCKS(each.table), [start, end])).sum;
    const sum = await damageTo(at.problems, read, "0");
    at.sum = String(BigInt(at.sum ?? "0") + BigInt(sum));
    at.block = begin + end;
  }
  return true;
}

/** What the next statement reads; the blocks of long values are counted on behind those of rows. */
function stretchAt({ oid, blocks, toast, toastBlocks }: Table, block: number) {
  const isRows = block < blocks;
  const [object, first, size] = isRows ? [oid, 0, blocks] : [toast, blocks, toastBlocks];
  const start = block - first;
  const end = Math.min(start + BLOCKS, size);
  return { object, isRows, start, end, next: first + end };
}

async function countOn(
  session: Session,
  { table, isOfExtension }: Table,
  at: Progress,
  block: number,
  end: number,
): Promise<void> {
  const count = async () =>
    only(await session.query<{ rows: number }>(COUNT_BLOCKS(table), [block, end])).rows;
  try {
    at.rows += await damageTo(at.problems, count, 0);
  } catch (cause) {
    const { code, message } = failureOf(cause);
    // 42501: its owner lets the master see none, or not all, of its rows.
    if (code !== "42501") throw cause;
    at.unread = { because: message, isOfExtension };
  }
}

async function damageIn(session: Session, oid: string, block: number, end: number) {
  const found = await session.query<{ problem: string }>(DAMAGE, [oid, block, end - 1]);
  return found.map(({ problem }) => problem);
}

async function checkIndex(
  session: Session,
  { index, oid }: Index,
  problems: string[],
  found: Found,
): Promise<void> {
  try {
    await damageTo(problems, () => session.query(CHECK_INDEX, [oid]), []);
    found.indexes += 1;
  } catch (cause) {
    if (failureOf(cause).kind !== "timed-out") throw cause;
    // It says nothing of the index; what would be found in hours is left to people.
    found.unchecked.push({ index, because: (cause as Error).message });
  }
}

/** XX001 and XX002: the server read something that cannot be. */
async function damageTo<T>(problems: string[], read: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const { code, message } = failureOf(cause);
    if (!code?.startsWith("XX")) throw cause;
    problems.push(message);
    return otherwise;
  }
}
