import { readAnnotation } from "../../lib/sla/books/annotation.ts";
import { readCancellation, readWindow } from "../../lib/sla/books/window.ts";
import { inLanes } from "../kernel/lanes.ts";
import { keys, prefixes } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Statement } from "./contract.ts";
import { sha256 } from "./sha256.ts";

type Shelf = Pick<Ledger, "list" | "text">;

const LANES = 16;

interface When {
  readonly fromMs: number;
  /** Not included. */
  readonly toMs: number;
}

/**
 * What a ledger took of windows, cancellations and annotations at a time that it says itself, in the order of their keys.
 * Rejects if it does not answer.
 */
export async function statementsOf(
  shelf: Shelf,
  { fromMs, toMs }: When,
): Promise<readonly Statement[]> {
  const lists = await Promise.all(
    [prefixes.annotations, prefixes.maintenance].map((prefix) => shelf.list(prefix)),
  );
  const taken = lists.flat().filter(({ writtenAt = "" }) => {
    const atMs = Date.parse(writtenAt);
    return atMs >= fromMs && atMs < toMs;
  });
  const read = await inLanes(LANES, taken, async ({ key }) => {
    const text = await shelf.text(key);
    return text === undefined ? [] : [await statementAt(shelf, key, text)];
  });
  return read.flat().toSorted((one, other) => (one.key < other.key ? -1 : 1));
}

async function statementAt(shelf: Shelf, key: string, text: string): Promise<Statement> {
  return { key, sha256: sha256(text), ...(await spanOf(shelf, parsed(text))) };
}

const UNKNOWN = { from: null, to: null };

async function spanOf(shelf: Shelf, value: unknown): Promise<Pick<Statement, "from" | "to">> {
  const annotation = readAnnotation(value);
  if (annotation) return { from: instantOf(annotation.incident), to: null };
  const cancelled = readCancellation(value)?.cancels;
  const window = readWindow(
    cancelled === undefined ? value : parsed(await shelf.text(keys.maintenance(cancelled))),
  );
  return window ? { from: window.fromAt, to: window.toAt } : UNKNOWN;
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Incidents are called by their first bad round: `20261014091500000`. */
function instantOf(incident: string): string | null {
  const digits = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(incident)?.slice(1);
  if (!digits) return null;
  const [year, month, day, hour, minute, second] = digits;
  const at = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
  return Number.isNaN(Date.parse(at)) ? null : at;
}
