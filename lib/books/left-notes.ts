import { inLanes } from "../../functions/kernel/lanes.ts";
import { type Left, prefixes } from "../../functions/ledger/contract.ts";
import type { Shelf } from "../../functions/report/answering.ts";

const LANES = 8;

/**
 * When customers left, in ms, by instance, of those who stayed away. One ledger may not have heard that somebody stays after all: who
 * knows it is right. Rejects if a ledger does not answer.
 */
export async function leftNotes(shelves: readonly Shelf[]): Promise<ReadonlyMap<string, number>> {
  const found = await inLanes(LANES, shelves, async (shelf) => {
    const listed = await shelf.list(prefixes.left);
    return inLanes(LANES, listed, async ({ key }) => (await shelf.read<Left>(key))?.value);
  });
  const notes = found.flat().filter((note) => note !== undefined);
  const undone = new Set(notes.flatMap((note) => (note.undone ? [nameOf(note)] : [])));
  const own = notes.filter((note) => !undone.has(nameOf(note)));
  return new Map(
    own
      .toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at))
      .map(({ instance, at }) => [instance, Date.parse(at)]),
  );
}

const nameOf = ({ instance, at }: Left) => `${instance} ${at}`;
