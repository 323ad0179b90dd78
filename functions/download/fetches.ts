import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { rewrite } from "../ledger/written.ts";
import type { Fetches } from "./contract.ts";

/** Somebody asks for one file of a link. */
export interface Fetch {
  readonly instance: string;
  readonly link: string;
  /** Absent where nobody can say any more. */
  readonly backup?: string;
  readonly at: Date;
  readonly address: string;
  readonly agent: string;
  /** Whether it is led there. */
  readonly isLed: boolean;
}

/** Counted and not written down yet. */
interface Page {
  led: number;
  refused: number;
  writtenMs: number;
  readonly seen: Set<string>;
}

/** What is counted waits no longer than until the next file after this. */
const WRITE_EVERY_MS = 60_000;
/** Links and days whose counts are held at once. */
const MOST_PAGES = 100;

/**
 * Counts the files of each link and day. Whoever asks first from an address, is led or refused for the first time, is written down before this
 * resolves; of the others a count is, once a minute at most: so a record is no longer than who came, and its versions are no more than minutes.
 * Rejects where the ledger does not answer.
 */
export function fetchBook(ledger: Ledger): (fetch: Fetch) => Promise<void> {
  const pages = new Map<string, Page>();
  return async (fetch) => {
    const { instance, link, at, address, isLed } = fetch;
    const key = keys.fetches(instance, link, dayOf(at));
    const page = pages.get(key) ?? { led: 0, refused: 0, writtenMs: 0, seen: new Set() };
    const outcome = isLed ? "led" : "refused";
    page[outcome] += 1;
    const who = `${outcome} ${address}`;
    if (page.seen.has(who) && at.getTime() - page.writtenMs < WRITE_EVERY_MS) return;
    const { led, refused } = page;
    await write(ledger, key, fetch, { led, refused });
    page.led -= led;
    page.refused -= refused;
    page.writtenMs = at.getTime();
    page.seen.add(who);
    keep(pages, key, page);
  };
}

function keep(pages: Map<string, Page>, key: string, page: Page): void {
  const [oldest = key] = pages.keys();
  if (!pages.has(key) && pages.size >= MOST_PAGES) pages.delete(oldest);
  pages.set(key, page);
}

const dayOf = (at: Date) => at.toISOString().slice(0, 10);

/** Created first: what is not there cannot be told from what is forbidden by whoever may not list. */
async function write(ledger: Ledger, key: string, fetch: Fetch, counts: Counts): Promise<void> {
  if (await ledger.create(key, added(undefined, fetch, counts))) return;
  await rewrite<Fetches>(ledger, key, (current) => added(current, fetch, counts));
}

type Counts = Pick<Fetches, "led" | "refused">;

const MOST_ADDRESSES = 50;

/** A day's record with what has come since. */
export function added(before: Fetches | undefined, fetch: Fetch, counts: Counts): Fetches {
  const { instance, link, backup, address, agent } = fetch;
  const at = fetch.at.toISOString();
  const { led, refused, firstAt, from } = before ?? { led: 0, refused: 0, firstAt: at, from: [] };
  const isKnown = from.length >= MOST_ADDRESSES || from.some((each) => each.address === address);
  return {
    ...{ instance, ...(backup !== undefined && { backup }), link, day: dayOf(fetch.at) },
    ...{ led: led + counts.led, refused: refused + counts.refused, firstAt, lastAt: at },
    from: isKnown ? from : [...from, { address, agent }],
  };
}
