import { SlaError } from "../../functions/kernel/errors.ts";
import { aheadInLanes, inLanes } from "../../functions/kernel/lanes.ts";
import { keys } from "../../functions/ledger/contract.ts";
import { sealedText } from "../../functions/ledger/torn.ts";
import type { Shelf } from "../../functions/report/answering.ts";
import type { DayRollUp, Evidence, Seal, SealName } from "../../functions/report/contract.ts";
import { LATEST_LOOK_MS, LONGEST_LOOK_MS } from "../../functions/report/day-book.ts";
import { readDay } from "../../functions/report/day-reading.ts";
import { dayOf, dayStart, daysFrom } from "../../functions/report/days.ts";
import { readSeal } from "../../functions/report/read-seal.ts";
import { sha256 } from "../../functions/report/sha256.ts";
import type { Interval } from "../sla/books/minute-sheet.ts";
import type { Span } from "../sla/books/month.ts";
import { readRuns } from "../sla/books/runs.ts";
import type { TlsSeen } from "../sla/tls.ts";

export interface SeenWish {
  readonly span: Span;
  /** How often each instance that is wanted is looked at, in seconds: of days that are not sealed. */
  readonly everySeconds: ReadonlyMap<string, number>;
  /** In ms; asked again and again, because the watches go on while this reads. */
  readonly now: () => number;
}

export interface Seen {
  /** Of one instance, in no order, and the same as often as several sites saw it. */
  readonly intervalsOf: (instance: string) => readonly Interval[];
  /** Of one instance, the gravest handshake of each day. */
  readonly tlsOf: (instance: string) => readonly TlsSeen[];
  readonly evidence: MonthEvidence;
}

type SiteSeal = SealName & Pick<Seal, "site">;

/** What was made of the records of a month. */
export interface MonthEvidence extends Evidence {
  /** Of each site the seal of the last sealed day. */
  readonly seals: readonly SiteSeal[];
  /** Days of sites that were read record by record, because they are not sealed yet. */
  readonly unsealedDays: number;
}

const LANES = 16;

/**
 * What all sites saw of a span: by their roll-ups where a day is sealed, by its records where it is not. Of each roll-up only what
 * is wanted stays, as it was written. Rejects if a shelf does not answer, with `EvidenceChanged` if a roll-up is not what was sealed.
 */
export async function seenMinutes(shelves: readonly Shelf[], wish: SeenWish): Promise<Seen> {
  const gathered = new Gathered([...wish.everySeconds.keys()]);
  for (const shelf of shelves) await gather(shelf, wish, gathered);
  return gathered.seen();
}

async function gather(shelf: Shelf, wish: SeenWish, gathered: Gathered): Promise<void> {
  const days = daysOf(wish.span);
  const seals = await inLanes(LANES, days, (day) => sealOf(shelf, day));
  const known = seals.flatMap((seal) => seal ?? []);
  const sealed = known.flatMap(rollUpsOf);
  const read = aheadInLanes(LANES, sealed, ({ key, sha256: sum }) => rollUpAt(shelf, key, sum));
  for await (const rollUp of read) gathered.take(rollUp);
  for (const day of days.filter((_, index) => !seals[index])) {
    gathered.takeRaw(await rawDay(shelf, day, wish));
  }
  gathered.endShelf(known.at(-1));
}

/** The minutes of one site's day, as they were written. */
interface SeenDay {
  readonly day: string;
  readonly minutes: string;
  readonly tls?: TlsSeen;
}

class Gathered {
  readonly #seals: SiteSeal[] = [];
  readonly #days: ReadonlyMap<string, SeenDay[]>;
  readonly #unreadable: string[] = [];
  readonly #misplaced: string[] = [];
  readonly #fromTheFuture: string[] = [];
  #rounds = 0;
  #unsealedDays = 0;

  constructor(wanted: readonly string[]) {
    this.#days = new Map(wanted.map((id) => [id, []]));
  }

  take({ day, evidence, instances }: Pick<DayRollUp, "day" | "evidence" | "instances">): void {
    this.#rounds += evidence.rounds;
    this.#unreadable.push(...evidence.unreadable);
    this.#misplaced.push(...evidence.misplaced);
    this.#fromTheFuture.push(...evidence.fromTheFuture);
    for (const [id, { minutes, tls }] of Object.entries(instances)) {
      this.#days.get(id)?.push({ day, minutes, ...(tls && { tls }) });
    }
  }

  /** A day of which a site wrote down nothing lacks no seal. */
  takeRaw(rollUps: readonly DayRollUp[]): void {
    if (rollUps.length > 0) this.#unsealedDays += 1;
    for (const rollUp of rollUps) this.take(rollUp);
  }

  endShelf(last: SiteSeal | undefined): void {
    if (last) this.#seals.push({ site: last.site, day: last.day, sha256: last.sha256 });
  }

  seen(): Seen {
    const daysOfOne = (id: string) => this.#days.get(id) ?? [];
    return {
      intervalsOf: (id) =>
        daysOfOne(id).flatMap(({ day, minutes }) => [...readRuns(minutes, dayStart(day))]),
      tlsOf: (id) => daysOfOne(id).flatMap(({ tls }) => tls ?? []),
      evidence: {
        ...{ rounds: this.#rounds, unreadable: this.#unreadable.toSorted() },
        ...{ misplaced: this.#misplaced.toSorted() },
        ...{ fromTheFuture: this.#fromTheFuture.toSorted() },
        seals: this.#seals.toSorted((one, other) => (one.site < other.site ? -1 : 1)),
        unsealedDays: this.#unsealedDays,
      },
    };
  }
}

/** UTC days whose records can hold looks of the span. */
export const daysOf = ({ fromMs, toMs }: Span): readonly string[] =>
  daysFrom(dayOf(fromMs - LONGEST_LOOK_MS - LATEST_LOOK_MS), dayOf(toMs - 1));

interface SealRead extends SiteSeal, Pick<Seal, "rollUps"> {}

async function sealOf(shelf: Shelf, day: string): Promise<SealRead | undefined> {
  const text = await sealedText(shelf, keys.daySeal(day));
  if (text === undefined) return undefined;
  const seal = readSeal(text);
  if (!seal) throw changed(keys.daySeal(day), "is no seal any more");
  const { site, rollUps } = seal;
  return { site, day, sha256: sha256(text), rollUps };
}

const rollUpsOf = ({ day, rollUps }: SealRead) =>
  Object.entries(rollUps).map(([shard, sealed]) => ({
    key: keys.day(day, shard),
    sha256: sealed,
  }));

/** Without the names of its records, of which there are most. */
async function rollUpAt(shelf: Shelf, key: string, sealed: string) {
  const text = await sealedText(shelf, key);
  if (text !== undefined && sha256(text) === sealed) {
    const { day, evidence, instances } = JSON.parse(text) as DayRollUp;
    return { day, evidence, instances };
  }
  const what = text === undefined ? "is not there" : "was changed";
  throw changed(key, `${what} since its day was sealed`);
}

const changed = (key: string, what: string) =>
  new SlaError(
    "EvidenceChanged",
    "cloud",
    `${key} ${what}: nothing is settled by it; look with: sla verify`,
  );

async function rawDay(shelf: Shelf, day: string, { everySeconds, now }: SeenWish) {
  const of = { day, site: "", everySeconds: (id: string) => everySeconds.get(id), now };
  return (await readDay(shelf, of)).rollUps();
}
