import { inLanes } from "../kernel/lanes.ts";
import { type Left, prefixes } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { sealedText } from "../ledger/torn.ts";
import type { SealedNote } from "./contract.ts";
import { sha256 } from "./sha256.ts";
import { takenWithin, type When } from "./statements.ts";

type Shelf = Pick<Ledger, "list" | "text">;

const LANES = 16;

/** Notes of customers who leave that a ledger took at a time that it says itself, as they are. Rejects if it does not answer. */
export async function notesOf(shelf: Shelf, when: When): Promise<readonly SealedNote[]> {
  const taken = takenWithin(await shelf.list(prefixes.left), when);
  const read = await inLanes(LANES, taken, async ({ key }) => {
    const text = await sealedText(shelf, key);
    return text === undefined
      ? []
      : [{ key, sha256: sha256(text), at: readNote(text)?.at ?? null }];
  });
  return read.flat().toSorted((one, other) => (one.key < other.key ? -1 : 1));
}

/** Undefined for what is none. */
export function readNote(text: string): Left | undefined {
  try {
    return noteIn(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Undefined for what is none: it names an instance and an instant. */
export function noteIn(value: unknown): Left | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { instance, at } = value as Readonly<Record<string, unknown>>;
  const isOne = typeof instance === "string" && typeof at === "string";
  return isOne && !Number.isNaN(Date.parse(at)) ? (value as Left) : undefined;
}
