import { inLanes } from "../kernel/lanes.ts";
import type { Ledger } from "./ledger.ts";
import { isTorn } from "./torn.ts";

/** What lies under a key; undefined for what is no JSON, or went meanwhile. */
interface Found {
  readonly key: string;
  readonly value: unknown;
  readonly writtenAt?: string;
  readonly assembled?: true;
}

const LANES = 16;

/**
 * The records below a prefix, or those of them whose keys are wanted. One that is torn says nothing; rejects if the ledger does
 * not answer.
 */
export async function recordsBelow(
  shelf: Pick<Ledger, "list" | "read">,
  prefix: string,
  isWanted: (key: string) => boolean = () => true,
): Promise<readonly Found[]> {
  const listed = (await shelf.list(prefix)).filter(({ key }) => isWanted(key));
  return inLanes(LANES, listed, async ({ key, writtenAt, assembled }) => ({
    key,
    value: await valueAt(shelf, key),
    ...(writtenAt !== undefined && { writtenAt }),
    ...(assembled && { assembled }),
  }));
}

/** Undefined for what is no JSON or is not there; rejects if the ledger does not answer. */
export async function valueAt(shelf: Pick<Ledger, "read">, key: string): Promise<unknown> {
  try {
    return (await shelf.read<unknown>(key))?.value;
  } catch (cause) {
    if (isTorn(cause)) return undefined;
    throw cause;
  }
}
