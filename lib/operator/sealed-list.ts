import { sealedText } from "../../functions/ledger/torn.ts";
import type { Shelf } from "../../functions/report/answering.ts";
import { sha256 } from "../../functions/report/sha256.ts";
import type { Finding } from "./verify-day.ts";

export const TAKEN_AWAY = "was taken away after its day was sealed";
export const CHANGED = "was changed after its day was sealed";

/** A list that a seal names, of records that a ledger took on a day. */
export interface SealedList<T> {
  /** Undefined: it is not what was sealed. */
  readonly list?: T;
  readonly findings: readonly Finding[];
}

/**
 * @param sum of its text, by the seal; null or undefined where that names none. Of a list that is not what was sealed nobody knows
 * which months it is about: it is told of all. Rejects if the ledger does not answer.
 */
export async function sealedList<T>(
  shelf: Shelf,
  key: string,
  sum: string | null | undefined,
): Promise<SealedList<T>> {
  if (typeof sum !== "string") return { findings: [] };
  const text = await sealedText(shelf, key);
  if (text !== undefined && sha256(text) === sum) {
    return { list: JSON.parse(text) as T, findings: [] };
  }
  return { findings: [{ key, what: text === undefined ? TAKEN_AWAY : CHANGED }] };
}
