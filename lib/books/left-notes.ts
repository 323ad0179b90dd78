import { inLanes } from "../../functions/kernel/lanes.ts";
import { keys, type Left, prefixes } from "../../functions/ledger/contract.ts";
import { recordsBelow } from "../../functions/ledger/records.ts";
import type { Shelf } from "../../functions/report/answering.ts";
import { noteIn } from "../../functions/report/left-seals.ts";

export interface LeftNotes {
  /** When customers left, in ms, by instance, of those who stayed away. */
  readonly atMs: ReadonlyMap<string, number>;
  /** Keys of notes that nobody can read, or that lie under another's key: they end nothing. */
  readonly unreadable: readonly string[];
}

const LANES = 8;

/**
 * Who left, as all ledgers have it. One may not have heard that somebody stays after all: who knows it is right. Rejects if a ledger
 * does not answer.
 */
export async function leftNotes(shelves: readonly Shelf[]): Promise<LeftNotes> {
  const found = (
    await inLanes(LANES, shelves, (shelf) => recordsBelow(shelf, prefixes.left))
  ).flat();
  const read = found.map(({ key, value }) => ({ key, note: noteUnder(key, value) }));
  const notes = read.flatMap(({ note }) => note ?? []);
  const undone = new Set(notes.flatMap((note) => (note.undone ? [nameOf(note)] : [])));
  const own = notes.filter((note) => !undone.has(nameOf(note)));
  const torn = read.flatMap(({ key, note }) => (note ? [] : [key]));
  return {
    atMs: new Map(
      own
        .toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at))
        .map(({ instance, at }) => [instance, Date.parse(at)]),
    ),
    unreadable: [...new Set(torn)],
  };
}

function noteUnder(key: string, value: unknown): Left | undefined {
  const note = noteIn(value);
  return note && keys.left(note.instance) === key ? note : undefined;
}

const nameOf = ({ instance, at }: Left) => `${instance} ${at}`;
