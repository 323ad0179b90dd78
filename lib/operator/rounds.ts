import { SlaError } from "../../functions/kernel/errors.ts";
import { inLanes } from "../../functions/kernel/lanes.ts";
import { keys, prefixes } from "../../functions/ledger/contract.ts";
import type { Ledger } from "../../functions/ledger/ledger.ts";
import type { LookRecord, RoundRecord } from "../../functions/watch/round-record.ts";
import { type LookSheet, recounted } from "../sla/books/look-sheet.ts";
import type { Span } from "../sla/books/month.ts";

/** One site's rounds: its ledger, or a copy of it. */
export type Shelf = Pick<Ledger, "list" | "read">;

/** What was made of the records. */
export interface Evidence {
  readonly rounds: number;
  /** Keys of records that nobody can read: their minutes are as if nobody had looked. */
  readonly unreadable: readonly string[];
  /** Keys of records that lie where others belong, or speak of looks at other times. */
  readonly misplaced: readonly string[];
  /** Keys of records of looks that are still to come. */
  readonly fromTheFuture: readonly string[];
}

type Trouble = Exclude<keyof Evidence, "rounds">;
/** Whose looks are wanted, and where they go. */
type Wanted = ReadonlyMap<string, Pick<LookSheet, "add">>;

const LANES = 32;
const DAY_MS = 86_400_000;
/** A late invocation looks up to two ticks after its time, and a tick long. */
const LATEST_LOOK_MS = 180_000;
/** The slowest plan looks once an hour, and a look speaks for the time until the next. */
const LONGEST_LOOK_MS = 3_600_000;

/**
 * Hands over every wanted look that can speak for a span, in no order, and the same one as often as it was recorded.
 * Reads a day of a shelf at a time, so that memory does not grow with the month. Rejects if a shelf does not answer.
 *
 * @param now in ms; asked again and again, because the watches go on while this reads
 */
export async function readRounds(
  shelves: readonly Shelf[],
  span: Span,
  now: () => number,
  wanted: Wanted,
): Promise<Evidence> {
  const troubles: Record<Trouble, string[]> = { unreadable: [], misplaced: [], fromTheFuture: [] };
  let rounds = 0;
  const read = async (shelf: Shelf, key: string) => {
    const record = await readable(shelf, key, wanted);
    const trouble = record ? troubleOf(key, record, now()) : "unreadable";
    if (trouble) troubles[trouble].push(key);
    if (!record || trouble) return;
    rounds += 1;
    hand(record, wanted);
  };
  for (const shelf of shelves) {
    for (const day of daysOf(span)) {
      const listed = await shelf.list(prefixes.rounds(day));
      await inLanes(LANES, listed, ({ key }) => read(shelf, key));
    }
  }
  return { rounds, ...troubles };
}

/** UTC days whose records can hold looks of the span, `2026-10-01`. */
function daysOf({ fromMs, toMs }: Span): readonly string[] {
  const first = Math.floor((fromMs - LONGEST_LOOK_MS - LATEST_LOOK_MS) / DAY_MS);
  const last = Math.floor((toMs - 1) / DAY_MS);
  return Array.from({ length: last - first + 1 }, (_, index) =>
    new Date((first + index) * DAY_MS).toISOString().slice(0, 10),
  );
}

async function readable(
  shelf: Shelf,
  key: string,
  wanted: Wanted,
): Promise<RoundRecord | undefined> {
  try {
    const record = (await shelf.read<RoundRecord>(key))?.value;
    return record && isWhole(record, wanted) ? record : undefined;
  } catch (cause) {
    // A site that does not answer is no torn record: nothing may be settled without it.
    if (cause instanceof SlaError) throw cause;
    return undefined;
  }
}

const isWhole = (record: Partial<RoundRecord>, wanted: Wanted) =>
  typeof record.scheduledTime === "string" &&
  typeof record.shard === "string" &&
  Array.isArray(record.looks) &&
  record.looks.every(
    ({ slot, instances }: LookRecord) =>
      !Number.isNaN(Date.parse(slot)) &&
      [...wanted.keys()].every((id) => instances[id] === undefined || instances[id].votes),
  );

function troubleOf(key: string, record: RoundRecord, nowMs: number): Trouble | undefined {
  const begunMs = Date.parse(record.scheduledTime);
  if (Number.isNaN(begunMs)) return "unreadable";
  const isApart = ({ slot }: { readonly slot: string }) =>
    Date.parse(slot) < begunMs || Date.parse(slot) > begunMs + LATEST_LOOK_MS;
  const slot = new Date(begunMs).toISOString();
  if (keys.round(slot, record.shard) !== key || record.looks.some(isApart)) return "misplaced";
  return begunMs > nowMs ? "fromTheFuture" : undefined;
}

function hand({ looks }: RoundRecord, wanted: Wanted): void {
  for (const { slot, instances } of looks) {
    const slotMs = Date.parse(slot);
    for (const [id, sheet] of wanted) {
      const row = instances[id];
      if (row) sheet.add(slotMs, recounted(row.verdict, row.votes));
    }
  }
}
