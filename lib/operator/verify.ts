import { inLanes } from "../../functions/kernel/lanes.ts";
import { keys, prefixes } from "../../functions/ledger/contract.ts";
import type { Shelf } from "../../functions/report/answering.ts";
import {
  type FrozenSeals,
  SEALED_WITHIN_MINUTES,
  SETTLING_MINUTES,
} from "../../functions/report/contract.ts";
import { dayStart, daysFrom, lastDayOver, nextDay } from "../../functions/report/days.ts";
import { daysOf } from "../books/seen-minutes.ts";
import type { Span } from "../sla/books/month.ts";
import { chainFindings, chainOf, type Link } from "./verify-chain.ts";
import { type Finding, verifyDay, verifyRollUps } from "./verify-day.ts";
import { type Elsewhere, elsewhereFindings, mirroredSeals } from "./verify-elsewhere.ts";
import { verifyLeft } from "./verify-left.ts";
import { verifyStatements } from "./verify-statements.ts";
import { verifyTickets } from "./verify-tickets.ts";

/** A ledger, or a copy of one. */
export interface Place {
  /** Its region, or the name of its directory. */
  readonly name: string;
  readonly shelf: Shelf;
  /** What the frozen bucket has of its seals; undefined where nobody can say. */
  readonly frozen: ((site: string, days: readonly string[]) => Promise<FrozenSeals>) | undefined;
  /** It is no site any more: there are its seals and what they name, in the ledger of another. */
  readonly isFormer?: boolean;
  /** There is no copy of its ledger either, and it is a site. */
  readonly isMissing?: boolean;
}

export interface VerifiedPlace {
  readonly name: string;
  readonly days: number;
  /** Days of them whose seal lies in the frozen bucket, and in another ledger, as it does here; null: nobody could look. */
  readonly frozen: number | null;
  readonly mirrored: number | null;
  readonly records: number;
  /** Windows, annotations, failovers, restore tests, passes over backups, tickets, notes of who left. */
  readonly statements: number;
  readonly findings: readonly Finding[];
  /** Days that are over, and whose seal is not due yet. */
  readonly pending: readonly PendingDay[];
}

interface PendingDay {
  /** Of the seal. */
  readonly key: string;
  /** Until then it is no finding; ISO 8601. */
  readonly dueBy: string;
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
  { name, shelf, frozen, isFormer = false, isMissing = false }: Place,
  others: readonly Shelf[],
  { span, now }: Wish,
): Promise<VerifiedPlace> {
  const over = lastDayOver(now.getTime(), SETTLING_MINUTES * 60_000);
  const wanted = daysOf(span).filter((day) => day <= over);
  const chain = await chainOf(shelf);
  const since = chain.filter(({ day }) => day >= (wanted[0] ?? over));
  const sealed = since.filter(({ day }) => wanted.includes(day));
  const looked = await inLanes(1, sealed, ({ seal }) =>
    isFormer ? verifyRollUps(shelf, seal) : verifyDay(shelf, seal),
  );
  const said = await verifyStatements(shelf, { chain, span, isFormer });
  const asked = await verifyTickets(shelf, { chain, span, isFormer, others });
  const gone = await verifyLeft(shelf, { chain, span, isFormer, others });
  const site = name === "" ? (chain[0]?.seal.site ?? "") : name;
  const known = upTo(over, wanted, since);
  const elsewhere: Elsewhere = {
    frozen: await frozen?.(site, known),
    mirrored: isFormer ? undefined : await mirroredSeals(site, known, others),
  };
  const open = await unsealed(shelf, { wanted, chain, elsewhere, now });
  return {
    ...{ name, days: sealed.length, ...counted(sealed, elsewhere) },
    records: looked.reduce((sum, { records }) => sum + records, 0),
    statements: said.looked + asked.looked + gone.looked,
    findings: [
      ...(isMissing ? [{ key: prefixes.seals, what: MISSING }] : []),
      ...open.findings,
      ...lostLater({ wanted, chain, elsewhere, now }),
      ...chainFindings(site, chain),
      ...elsewhereFindings(since, elsewhere, now),
      ...looked.flatMap(({ findings }) => findings),
      ...said.findings,
      ...asked.findings,
      ...gone.findings,
    ],
    pending: open.pending,
  };
}

/**
 * Days whose seals say something of those that are wanted: what was said of a month is sealed when it was said, up to the newest seal.
 * None before the month's first day.
 */
function upTo(over: string, [first]: readonly string[], since: readonly Link[]): readonly string[] {
  const newest = since.at(-1)?.day ?? over;
  return first === undefined ? [] : daysFrom(first, newest > over ? newest : over);
}

const counted = (sealed: readonly Link[], { frozen, mirrored }: Elsewhere) => ({
  frozen: frozen ? sealed.filter(({ day, text }) => frozen[day] === text).length : null,
  mirrored: mirrored ? sealed.filter(({ day, text }) => mirrored.get(day) === text).length : null,
});

interface Days {
  readonly wanted: readonly string[];
  readonly chain: readonly Link[];
  readonly elsewhere: Elsewhere;
  readonly now: Date;
}

/**
 * Days without a seal of which there are records, which have one elsewhere, or which lie between days that have one. None of
 * them is a finding until the pass that seals it must have ended.
 */
async function unsealed(
  shelf: Shelf,
  { wanted, chain, elsewhere: { frozen = {}, mirrored }, now }: Days,
): Promise<Pick<VerifiedPlace, "findings" | "pending">> {
  const known = new Set(chain.map(({ day }) => day));
  const [first, last] = [chain[0]?.day, chain.at(-1)?.day];
  const between = first !== undefined && last !== undefined ? daysFrom(first, last) : [];
  const cold = Object.keys(frozen).filter((day) => frozen[day] !== null);
  const inside = new Set([...between, ...cold, ...(mirrored?.keys() ?? [])]);
  const open = await inLanes(LANES, wanted, async (day) => {
    if (known.has(day)) return [];
    if (inside.has(day)) return [{ day, isDue: true }];
    if ((await shelf.list(prefixes.rounds(day))).length === 0) return [];
    return [{ day, isDue: dueMs(day) <= now.getTime() }];
  });
  const days = open.flat();
  return {
    findings: days.flatMap(({ day, isDue }) =>
      isDue ? [{ key: keys.daySeal(day), what: UNSEALED }] : [],
    ),
    pending: days.flatMap(({ day, isDue }) =>
      isDue ? [] : [{ key: keys.daySeal(day), dueBy: new Date(dueMs(day)).toISOString() }],
    ),
  };
}

/** Days after the month whose seal lies elsewhere and not here: what was said of the month later may have gone with it. */
function lostLater({
  wanted,
  chain,
  elsewhere: { frozen = {}, mirrored },
  now,
}: Days): readonly Finding[] {
  const here = new Set([...wanted, ...chain.map(({ day }) => day)]);
  const cold = Object.keys(frozen).filter((day) => frozen[day] !== null);
  const there = new Set([...cold, ...(mirrored?.keys() ?? [])]);
  return [...there]
    .filter((day) => !here.has(day) && dueMs(day) <= now.getTime())
    .toSorted()
    .map((day) => ({ key: keys.daySeal(day), what: LOST }));
}

const MISSING =
  "and all else of this site of the fleet are not among the copies: nobody looked at its records";
const LOST = "lies elsewhere and not here: what was said of the month that day may be missing";
const UNSEALED = "is not there, or is no seal any more: whatever was seen that day is not sealed";

const dueMs = (day: string) => dayStart(nextDay(day)) + SEALED_WITHIN_MINUTES * 60_000;
