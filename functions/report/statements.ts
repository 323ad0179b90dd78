import { readAnnotation } from "../../lib/sla/books/annotation.ts";
import { monthsBefore } from "../../lib/sla/books/month.ts";
import { readCancellation, readWindow } from "../../lib/sla/books/window.ts";
import { inLanes } from "../kernel/lanes.ts";
import { keys, prefixes } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Statement } from "./contract.ts";
import { dayOf, daysBefore, daysFrom } from "./days.ts";
import { sha256 } from "./sha256.ts";

type Shelf = Pick<Ledger, "list" | "text">;

const LANES = 16;

/** A stretch of time, in ms. */
export interface When {
  readonly fromMs: number;
  /** Not included. */
  readonly toMs: number;
}

/** Those that a ledger took then, as it says itself. */
export const takenWithin = <T extends { readonly writtenAt?: string }>(
  listed: readonly T[],
  { fromMs, toMs }: When,
): readonly T[] =>
  listed.filter(({ writtenAt = "" }) => {
    const atMs = Date.parse(writtenAt);
    return atMs >= fromMs && atMs < toMs;
  });

/**
 * What a ledger took of windows, cancellations and annotations, and of what failovers, tests of backups and images, game days and passes over backups have
 * recorded, at a time that it says itself, in the order of their keys. Rejects if it does not answer.
 */
export async function statementsOf(
  shelf: Shelf,
  { fromMs, toMs }: When,
): Promise<readonly Statement[]> {
  const lists = await Promise.all([
    ...[prefixes.annotations, prefixes.maintenance, prefixes.allImageTests].map((prefix) =>
      shelf.list(prefix),
    ),
    ...[prefixes.allFailovers, prefixes.allRestores, prefixes.allGameDays].map(async (prefix) =>
      (await shelf.list(prefix)).filter(({ key }) => key.endsWith("/record.json")),
    ),
    ...deedsBetween({ fromMs, toMs }).map((prefix) => shelf.list(prefix)),
  ]);
  const taken = takenWithin(lists.flat(), { fromMs, toMs });
  const read = await inLanes(LANES, taken, async ({ key }) => {
    const text = await shelf.text(key);
    return text === undefined ? [] : [await statementAt(shelf, key, text)];
  });
  return read.flat().toSorted((one, other) => (one.key < other.key ? -1 : 1));
}

/** As long as months are published by themselves; a mark that is written later than that is in no list. */
const MONTHS_BACK = 4;

/** Marks of months whose reports a ledger has published at such a time: they name each document. Rejects if it does not answer. */
export async function marksOf(shelf: Shelf, { fromMs, toMs }: When): Promise<readonly Statement[]> {
  const months = monthsBefore(dayOf(toMs - 1).slice(0, 7), MONTHS_BACK);
  const read = await inLanes(LANES, months, async (month) => {
    const key = keys.published(month);
    const [taken] = await shelf.list(key);
    const atMs = Date.parse(taken?.writtenAt ?? "");
    const text = atMs >= fromMs && atMs < toMs ? await shelf.text(key) : undefined;
    // Of the month in every zone.
    const within = `${month}-15T00:00:00.000Z`;
    return text === undefined ? [] : [{ key, sha256: sha256(text), from: within, to: within }];
  });
  return read.flat();
}

async function statementAt(shelf: Shelf, key: string, text: string): Promise<Statement> {
  return { key, sha256: sha256(text), ...(await spanOf(shelf, key, parsed(text))) };
}

const UNKNOWN = { from: null, to: null };

/** They lie by the day on which their pass began, which may be the one before they were written. */
const deedsBetween = ({ fromMs, toMs }: When): readonly string[] =>
  Number.isFinite(fromMs)
    ? daysFrom(daysBefore(dayOf(fromMs), 1), dayOf(toMs - 1)).map((day) =>
        prefixes.backupDeeds(day),
      )
    : [prefixes.backupDeeds()];

async function spanOf(
  shelf: Shelf,
  key: string,
  value: unknown,
): Promise<Pick<Statement, "from" | "to">> {
  if (!key.startsWith(prefixes.annotations) && !key.startsWith(prefixes.maintenance)) {
    const at = countsAt(value);
    return at === undefined ? UNKNOWN : { from: at, to: at };
  }
  const annotation = readAnnotation(value);
  if (annotation) return { from: instantOf(annotation.incident), to: null };
  const cancelled = readCancellation(value)?.cancels;
  const window = readWindow(
    cancelled === undefined ? value : parsed(await shelf.text(keys.maintenance(cancelled))),
  );
  return window ? { from: window.fromAt, to: window.toAt } : UNKNOWN;
}

/** Of a failover, a test, a game day, a pass over backups: the instant by which a month has it. */
function countsAt(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { goodAt, endedAt, at } = value as Readonly<Record<string, unknown>>;
  return [goodAt, endedAt, at].find(
    (each): each is string => typeof each === "string" && !Number.isNaN(Date.parse(each)),
  );
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
