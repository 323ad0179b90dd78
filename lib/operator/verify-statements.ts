import { inLanes } from "../../functions/kernel/lanes.ts";
import { keys, prefixes } from "../../functions/ledger/contract.ts";
import { sealedText } from "../../functions/ledger/torn.ts";
import type { Shelf } from "../../functions/report/answering.ts";
import type { Statement, Statements } from "../../functions/report/contract.ts";
import { dayStart, nextDay } from "../../functions/report/days.ts";
import { sha256 } from "../../functions/report/sha256.ts";
import { statementsOf } from "../../functions/report/statements.ts";
import { incidentSpan } from "../books/month-claims.ts";
import type { Span } from "../sla/books/month.ts";
import { CHANGED, sealedList, TAKEN_AWAY } from "./sealed-list.ts";
import type { Link } from "./verify-chain.ts";
import type { Finding } from "./verify-day.ts";

export interface VerifiedStatements {
  /** That the span has to do with. */
  readonly looked: number;
  readonly findings: readonly Finding[];
}

const LANES = 16;

/**
 * Whether what was said of maintenance and incidents of a span, and recorded of failovers, restore tests and backups, lies there as it
 * was sealed, on whichever day that was. Rejects if the ledger does not answer.
 */
export async function verifyStatements(
  shelf: Shelf,
  { chain, span, isFormer }: StatementsOf,
): Promise<VerifiedStatements> {
  const read = await inLanes(LANES, chain, (link) => sealedOn(shelf, link));
  if (isFormer) return { looked: 0, findings: read.flatMap(({ findings }) => findings) };
  const known = read.flatMap(({ records }) => records);
  const own = await concerning(shelf, known, span);
  const changed = await inLanes(LANES, own, (each) => lookedAt(shelf, each));
  const late = await strangers(shelf, { chain, known, span });
  const findings = [...read.flatMap((each) => each.findings), ...changed.flat(), ...late];
  return { looked: own.length, findings };
}

interface StatementsOf {
  readonly chain: readonly Link[];
  readonly span: Span;
  /** Only the lists are there, not what they name. */
  readonly isFormer: boolean;
}

interface Read {
  readonly records: readonly Statement[];
  readonly findings: readonly Finding[];
}

async function sealedOn(shelf: Shelf, { day, seal }: Link): Promise<Read> {
  const key = keys.statements(day);
  const { list, findings } = await sealedList<Statements>(shelf, key, seal.statements);
  return { records: list?.records ?? [], findings };
}

async function lookedAt(shelf: Shelf, statement: Statement): Promise<readonly Finding[]> {
  const { key } = statement;
  const text = await sealedText(shelf, key);
  if (text === undefined) return [{ key, what: TAKEN_AWAY }];
  return sha256(text) === statement.sha256 ? [] : [{ key, what: CHANGED }];
}

/** Those of a time that is sealed and that no seal knows: their ledger dates them before they could be read. */
async function strangers(
  shelf: Shelf,
  of: {
    readonly chain: readonly Link[];
    readonly known: readonly Statement[];
    readonly span: Span;
  },
): Promise<readonly Finding[]> {
  const newest = of.chain.findLast(({ seal }) => seal.statements !== undefined);
  if (!newest) return [];
  const toMs = dayStart(nextDay(newest.day));
  const whole = {
    list: (prefix: string) => shelf.list(prefix),
    text: (key: string) => sealedText(shelf, key),
  };
  const taken = await statementsOf(whole, { fromMs: Number.NEGATIVE_INFINITY, toMs });
  const known = new Set(of.known.map(({ key }) => key));
  const unknown = taken.filter(({ key }) => !known.has(key));
  const own = await concerning(shelf, unknown, of.span);
  return own.map(({ key }) => ({
    key,
    what: "came after the day that its ledger says was sealed",
  }));
}

async function concerning(
  shelf: Shelf,
  statements: readonly Statement[],
  span: Span,
): Promise<readonly Statement[]> {
  const found = await inLanes(LANES, statements, async (each) =>
    (await concerns(shelf, each, span)) ? [each] : [],
  );
  return found.flat();
}

/** What may be about any time is about this one. */
async function concerns(shelf: Shelf, { key, from, to }: Statement, span: Span): Promise<boolean> {
  if (from === null) return true;
  const fromMs = Date.parse(from);
  if (fromMs >= span.fromMs) return fromMs < span.toMs;
  const toMs = to === null ? await incidentEnd(shelf, key) : Date.parse(to);
  return toMs !== undefined && toMs > span.fromMs;
}

/** In ms; undefined of one that is open, or that nobody knows: such an annotation leaves nothing out. */
async function incidentEnd(shelf: Shelf, annotation: string): Promise<number | undefined> {
  const [instance = "", incident = ""] = annotation.slice(prefixes.annotations.length).split("/");
  return (await incidentSpan([shelf], { instance, incident }))?.toMs;
}
