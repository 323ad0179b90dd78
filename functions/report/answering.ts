import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger, Ledgers } from "../ledger/ledger.ts";

/** What a month is read from: a ledger, a copy of one, or what another keeps of it. */
export type Shelf = Pick<Ledger, "list" | "read" | "text">;

export interface Answering {
  readonly site: string;
  readonly shelf: Shelf;
  /** In whose ledger its days are read, because its own does not answer. */
  readonly readIn?: string;
}

interface Lost {
  readonly ledgers: Ledgers;
  /** Whose ledger keeps the site's days; undefined if nobody does. */
  readonly mirror: string | undefined;
  /** The last day that is needed. */
  readonly lastDay: string;
}

/**
 * The ledger of a site; if its region does not answer, what its mirror has, provided that this reaches as far as is
 * needed. Rejects with `CloudUnreachable` otherwise.
 */
export async function answering(
  site: string,
  { ledgers, mirror, lastDay }: Lost,
): Promise<Answering> {
  const own = ledgers(site);
  try {
    await own.text(keys.daySeal(lastDay));
    return { site, shelf: own };
  } catch (cause) {
    if (!isUnreachable(cause) || mirror === undefined) throw cause;
    const shelf = mirrored(ledgers(mirror), site);
    if ((await shelf.text(keys.daySeal(lastDay))) !== undefined) {
      return { site, shelf, readIn: mirror };
    }
    const why = `and ${mirror} keeps its days, but none for ${lastDay}`;
    throw new SlaError("CloudUnreachable", "cloud", `${cause.message}; ${why}`, { cause });
  }
}

const isUnreachable = (cause: unknown): cause is SlaError =>
  cause instanceof SlaError && cause.code === "CloudUnreachable";

/** What was not sealed lies in the lost ledger alone, and must not count as if there were none. */
function mirrored(kept: Ledger, site: string): Shelf {
  const shelf = mirroredIn(kept, site);
  return {
    ...shelf,
    async list(prefix) {
      if (!prefix.startsWith("rounds/")) return shelf.list(prefix);
      const why = `${site} does not answer, and ${prefix} is not sealed elsewhere`;
      throw new SlaError("CloudUnreachable", "cloud", why);
    },
  };
}

/** What a ledger keeps of another, under the keys that it has there. */
export function mirroredIn(kept: Shelf, site: string): Shelf {
  const begin = keys.mirror(site, "");
  return {
    read: (key) => kept.read(begin + key),
    text: (key) => kept.text(begin + key),
    async list(prefix) {
      const listed = await kept.list(begin + prefix);
      return listed.map((each) => ({ ...each, key: each.key.slice(begin.length) }));
    },
  };
}
