/** What a site knows of its own watch and of those it listens for: `watches/<shard>.json`. */
export interface WatchBook {
  /** Newest tick that the watch of this site ended without a failure, ISO 8601. */
  readonly lastTick?: string;
  /** The same of other sites, as last heard; of one never heard, the tick of the first question. */
  readonly heard: Readonly<Record<string, string>>;
  /** Sites told to be silent. */
  readonly silent: readonly string[];
}

export const EMPTY_BOOK: WatchBook = { heard: {}, silent: [] };

export interface RollCall {
  readonly shard: string;
  /** Who is asked; `answers` holds the newest tick of those that answered. */
  readonly sites: readonly string[];
  readonly answers: Readonly<Record<string, string>>;
  readonly control: string;
  /** ISO 8601 instant of the schedule. */
  readonly tick: string;
  /** Milliseconds without a good tick after which a watch is silent. */
  readonly silentAfterMs: number;
}

/** Everyone listens for control, and control for everyone: no site is the only one to know of its own end. */
export const sitesToHear = (site: string, control: string, sites: readonly string[]) =>
  site === control ? sites.filter((other) => other !== control) : [control];

/** The book after a roll-call, and what people have to hear of: each silence and each return once. */
export interface RollCalled {
  readonly book: WatchBook;
  readonly fallen: readonly Change[];
  readonly back: readonly Change[];
}

interface Change {
  readonly site: string;
  /** ISO 8601: the newest tick heard. */
  readonly since: string;
}

export function rollCall(book: WatchBook, call: RollCall): RollCalled {
  const { tick, sites, answers, silentAfterMs } = call;
  const heard = Object.fromEntries(
    sites.map((site) => [site, newest(book.heard[site], answers[site]) ?? tick]),
  );
  const sinceOf = (site: string) => heard[site] ?? tick;
  const silent = sites.filter(
    (site) => Date.parse(tick) - Date.parse(sinceOf(site)) > silentAfterMs,
  );
  const fallen = silent.filter((site) => !book.silent.includes(site));
  const back = book.silent.filter((site) => sites.includes(site) && !silent.includes(site));
  const changes = (changed: readonly string[]) =>
    changed.map((site): Change => ({ site, since: sinceOf(site) }));
  return { book: { ...book, heard, silent }, fallen: changes(fallen), back: changes(back) };
}

const newest = (one: string | undefined, other: string | undefined) =>
  [one, other]
    .filter((tick) => tick !== undefined)
    .toSorted((a, b) => Date.parse(b) - Date.parse(a))[0];
