import { SlaError } from "../../functions/kernel/errors.ts";
import { inLanes } from "../../functions/kernel/lanes.ts";
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
  /** By instance, in no order, and the same as often as several sites saw it. */
  readonly intervals: ReadonlyMap<string, readonly Interval[]>;
  /** By instance, the gravest handshake of each day. */
  readonly tls: ReadonlyMap<string, readonly TlsSeen[]>;
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
 * What all sites saw of a span: by their roll-ups where a day is sealed, by its records where it is not. Rejects if a shelf
 * does not answer, with `EvidenceChanged` if a roll-up is not what was sealed.
 */
export async function seenMinutes(shelves: readonly Shelf[], wish: SeenWish): Promise<Seen> {
  const gathered = new Gathered([...wish.everySeconds.keys()]);
  for (const shelf of shelves) {
    const days = daysOf(wish.span);
    const sealed = await inLanes(LANES, days, (day) => sealedDay(shelf, day));
    for (const [index, day] of days.entries()) {
      const known = sealed[index];
      if (known) gathered.takeSealed(known);
      else gathered.takeRaw(await rawDay(shelf, day, wish));
    }
    gathered.endShelf();
  }
  return gathered.seen();
}

class Gathered {
  readonly #intervals: ReadonlyMap<string, Interval[]>;
  readonly #tls = new Map<string, TlsSeen[]>();
  readonly #unreadable: string[] = [];
  readonly #misplaced: string[] = [];
  readonly #fromTheFuture: string[] = [];
  readonly #seals: SiteSeal[] = [];
  #rounds = 0;
  #unsealedDays = 0;
  #lastSeal: SiteSeal | undefined;

  constructor(wanted: readonly string[]) {
    this.#intervals = new Map(wanted.map((id) => [id, []]));
  }

  takeSealed({ rollUps, seal }: SealedDay): void {
    this.#lastSeal = seal;
    for (const rollUp of rollUps) this.#take(rollUp);
  }

  /** A day of which a site wrote down nothing lacks no seal. */
  takeRaw(rollUps: readonly DayRollUp[]): void {
    if (rollUps.length > 0) this.#unsealedDays += 1;
    for (const rollUp of rollUps) this.#take(rollUp);
  }

  endShelf(): void {
    if (this.#lastSeal) this.#seals.push(this.#lastSeal);
    this.#lastSeal = undefined;
  }

  #take({ day, evidence, instances }: DayRollUp): void {
    this.#rounds += evidence.rounds;
    this.#unreadable.push(...evidence.unreadable);
    this.#misplaced.push(...evidence.misplaced);
    this.#fromTheFuture.push(...evidence.fromTheFuture);
    for (const [id, known] of this.#intervals) {
      const minutes = Object.hasOwn(instances, id) ? instances[id]?.minutes : undefined;
      if (minutes !== undefined) known.push(...readRuns(minutes, dayStart(day)));
      const tls = Object.hasOwn(instances, id) ? instances[id]?.tls : undefined;
      if (tls) this.#tls.set(id, [...(this.#tls.get(id) ?? []), tls]);
    }
  }

  seen(): Seen {
    const evidence = {
      ...{ rounds: this.#rounds, unreadable: this.#unreadable, misplaced: this.#misplaced },
      ...{ fromTheFuture: this.#fromTheFuture, seals: this.#seals },
      unsealedDays: this.#unsealedDays,
    };
    return { intervals: this.#intervals, tls: this.#tls, evidence };
  }
}

/** UTC days whose records can hold looks of the span. */
export const daysOf = ({ fromMs, toMs }: Span): readonly string[] =>
  daysFrom(dayOf(fromMs - LONGEST_LOOK_MS - LATEST_LOOK_MS), dayOf(toMs - 1));

interface SealedDay {
  readonly rollUps: readonly DayRollUp[];
  readonly seal: SiteSeal;
}

async function sealedDay(shelf: Shelf, day: string): Promise<SealedDay | undefined> {
  const text = await sealedText(shelf, keys.daySeal(day));
  if (text === undefined) return undefined;
  const seal = readSeal(text);
  if (!seal) throw changed(keys.daySeal(day), "is no seal any more");
  const { site, rollUps } = seal;
  const read = Object.entries(rollUps).map(([shard, sealed]) =>
    rollUpAt(shelf, keys.day(day, shard), sealed),
  );
  return { rollUps: await Promise.all(read), seal: { site, day, sha256: sha256(text) } };
}

async function rollUpAt(shelf: Shelf, key: string, sealed: string): Promise<DayRollUp> {
  const text = await sealedText(shelf, key);
  if (text !== undefined && sha256(text) === sealed) return JSON.parse(text) as DayRollUp;
  throw changed(
    key,
    `${text === undefined ? "is not there" : "was changed"} since its day was sealed`,
  );
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
