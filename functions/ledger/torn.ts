import type { Ledger } from "./ledger.ts";

/**
 * Whether an object was read and is no whole record: its gzip breaks off, or what is in it is no JSON. Whatever else fails is no
 * word about the record, only about this attempt.
 */
export const isTorn = (cause: unknown): boolean =>
  cause instanceof SyntaxError ||
  (cause instanceof Error && /^Z_[A-Z]+_ERROR$/.test((cause as NodeJS.ErrnoException).code ?? ""));

/** The text under a key as it can be held against a seal: of a torn record it is empty, which no seal names. */
export async function sealedText(
  shelf: Pick<Ledger, "text">,
  key: string,
): Promise<string | undefined> {
  try {
    return await shelf.text(key);
  } catch (cause) {
    if (isTorn(cause)) return "";
    throw cause;
  }
}
