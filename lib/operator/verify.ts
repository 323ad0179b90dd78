import { inLanes } from "../../functions/kernel/lanes.ts";
import { keys, prefixes } from "../../functions/ledger/contract.ts";
import type { Shelf } from "../../functions/report/answering.ts";
import { type FrozenSeals, SETTLING_MINUTES, type Seal } from "../../functions/report/contract.ts";
import { dayOf, dayStart, daysFrom, lastDayOver } from "../../functions/report/days.ts";
import { sha256 } from "../../functions/report/sha256.ts";
import { daysOf } from "../books/seen-minutes.ts";
import type { Span } from "../sla/books/month.ts";
import { type Finding, verifyDay } from "./verify-day.ts";

/** A ledger, or a copy of one. */
export interface Place {
  /** Its region, or the name of its directory. */
  readonly name: string;
  readonly shelf: Shelf;
  /** What the frozen bucket has of its seals; undefined where nobody can say. */
  readonly frozen: ((site: string, days: readonly string[]) => Promise<FrozenSeals>) | undefined;
}

export interface VerifiedPlace {
  readonly name: string;
  readonly days: number;
  /** Days of them whose seal lies in the frozen bucket, and in another ledger, as it does here; null: nobody could look. */
  readonly frozen: number | null;
  readonly mirrored: number | null;
  readonly records: number;
  readonly findings: readonly Finding[];
}

interface Wish {
  readonly span: Span;
  readonly now: Date;
  /** Told before a place is read. */
  readonly begin: (name: string) => void;
}

const LANES = 16;

/**
 * Follows the evidence of a month from its seals down to every record, and up to the newest seal, which holds all before it. Rejects
 * if a place does not answer.
 */
export async function verify(places: readonly Place[], wish: Wish): Promise<VerifiedPlace[]> {
  const verified: VerifiedPlace[] = [];
  for (const place of places) {
    wish.begin(place.name);
    const others = places.filter((other) => other !== place).map(({ shelf }) => shelf);
    verified.push(await verifyPlace(place, others, wish));
  }
  return verified;
}

async function verifyPlace(
  { name, shelf, frozen }: Place,
  others: readonly Shelf[],
  { span, now }: Wish,
): Promise<VerifiedPlace> {
  const over = lastDayOver(now.getTime(), SETTLING_MINUTES * 60_000);
  const wanted = daysOf(span).filter((day) => day <= over);
  const chain = await chainFrom(shelf, wanted[0] ?? dayOf(span.fromMs));
  const sealed = chain.filter(({ day }) => wanted.includes(day));
  const looked = await inLanes(1, sealed, ({ seal }) => verifyDay(shelf, seal));
  const site = name === "" ? (chain[0]?.seal.site ?? "") : name;
  const cold = await frozen?.(site, wanted);
  const copies = await mirrors(site, wanted, others);
  const unsealed = await missing(shelf, wanted, chain, [
    ...Object.keys(cold ?? {}).filter((day) => cold?.[day] !== null),
    ...(copies?.keys() ?? []),
  ]);
  return {
    ...{ name, days: sealed.length },
    frozen: cold ? sealed.filter(({ day, text }) => cold[day] === text).length : null,
    mirrored: copies ? sealed.filter(({ day, text }) => copies.get(day) === text).length : null,
    records: looked.reduce((sum, { records }) => sum + records, 0),
    findings: [
      ...unsealed,
      ...beginning(chain),
      ...strangers(site, chain),
      ...broken(chain),
      ...(cold ? absent(sealed, cold, now) : []),
      ...sealed.flatMap(({ day, text }) => [
        ...elsewhere(day, text, cold?.[day], "in the frozen bucket"),
        ...elsewhere(day, text, copies?.get(day), "in the other ledger"),
      ]),
      ...looked.flatMap(({ findings }) => findings),
    ],
  };
}

interface Link {
  readonly day: string;
  /** There are seals before it, which were not asked for. */
  readonly isAfter: boolean;
  readonly text: string;
  readonly seal: Seal;
}

/** The seals from a day on, and the one before it: each names the one before itself. */
async function chainFrom(shelf: Shelf, first: string): Promise<readonly Link[]> {
  const all = (await shelf.list(prefixes.seals))
    .map(({ key }) => key.slice(prefixes.seals.length, -".json".length))
    .toSorted();
  const begin = Math.max(0, all.findIndex((day) => day >= first) - 1);
  const links = await inLanes(LANES, all.slice(begin), async (day, index) => {
    const text = await shelf.text(keys.daySeal(day));
    const isAfter = begin + index > 0;
    return text === undefined ? [] : [{ day, isAfter, text, seal: JSON.parse(text) as Seal }];
  });
  return links.flat();
}

/** The first seal of a site says that there was none before; any other follows one. */
function beginning([first]: readonly Link[]): readonly Finding[] {
  if (!first || first.isAfter || first.seal.previous === null) return [];
  const { day } = first.seal.previous;
  return [
    { key: keys.daySeal(day), what: `is not there, though ${keys.daySeal(first.day)} names it` },
  ];
}

/** Seals that say they are another site's. */
const strangers = (site: string, chain: readonly Link[]): readonly Finding[] =>
  chain
    .filter(({ seal }) => seal.site !== site)
    .map(({ day, seal }) => ({
      key: keys.daySeal(day),
      what: `says that it is of ${seal.site}, not of ${site}`,
    }));

/** So long it may take until a seal lies elsewhere, in ms. */
const CARRYING_MS = 2 * 86_400_000;

const absent = (sealed: readonly Link[], cold: FrozenSeals, now: Date): readonly Finding[] =>
  sealed
    .filter(({ day }) => dayStart(day) + CARRYING_MS + 86_400_000 < now.getTime())
    .filter(({ day }) => cold[day] === undefined || cold[day] === null)
    .map(({ day }) => ({ key: keys.daySeal(day), what: "does not lie in the frozen bucket" }));

function broken(chain: readonly Link[]): readonly Finding[] {
  return chain.slice(1).flatMap(({ day, seal }, index) => {
    const before = chain[index];
    const isNamed =
      seal.day === day &&
      seal.previous?.day === before?.day &&
      before !== undefined &&
      seal.previous?.sha256 === sha256(before.text);
    return isNamed
      ? []
      : [
          {
            key: keys.daySeal(day),
            what: `does not name ${keys.daySeal(before?.day ?? "")} as it is`,
          },
        ];
  });
}

/** Days without a seal of which there are records, which have one elsewhere, or which lie between days that have one. */
async function missing(
  shelf: Shelf,
  wanted: readonly string[],
  chain: readonly Link[],
  sealedElsewhere: readonly string[],
): Promise<readonly Finding[]> {
  const known = new Set(chain.map(({ day }) => day));
  const [first, last] = [chain[0]?.day, chain.at(-1)?.day];
  const between = first !== undefined && last !== undefined ? daysFrom(first, last) : [];
  const inside = new Set([...between, ...sealedElsewhere]);
  const open = wanted.filter((day) => !known.has(day));
  const findings = await inLanes(LANES, open, async (day) => {
    if (!inside.has(day) && (await shelf.list(prefixes.rounds(day))).length === 0) return [];
    return [
      { key: keys.daySeal(day), what: "is not there: whatever was seen that day is not sealed" },
    ];
  });
  return findings.flat();
}

async function mirrors(
  site: string,
  wanted: readonly string[],
  others: readonly Shelf[],
): Promise<ReadonlyMap<string, string> | undefined> {
  const prefix = keys.mirror(site, prefixes.seals);
  for (const shelf of others) {
    const listed = new Set((await shelf.list(prefix)).map(({ key }) => key));
    if (listed.size === 0) continue;
    const texts = await inLanes(LANES, wanted, async (day) => {
      const key = keys.mirror(site, keys.daySeal(day));
      const text = listed.has(key) ? await shelf.text(key) : undefined;
      return text === undefined ? [] : [[day, text] as const];
    });
    return new Map(texts.flat());
  }
  return undefined;
}

/** What was not carried there yet is no finding: it is owed. */
const elsewhere = (day: string, text: string, other: string | null | undefined, where: string) =>
  other === undefined || other === null || other === text
    ? []
    : [{ key: keys.daySeal(day), what: `is not what lies ${where}` }];
