import { inLanes } from "../../functions/kernel/lanes.ts";
import { keys, type Left, prefixes } from "../../functions/ledger/contract.ts";
import { sealedText } from "../../functions/ledger/torn.ts";
import type { Shelf } from "../../functions/report/answering.ts";
import type { DayRollUp, SealedNote, SealedNotes } from "../../functions/report/contract.ts";
import { dayOf, dayStart, nextDay } from "../../functions/report/days.ts";
import { readNote } from "../../functions/report/left-seals.ts";
import { sha256 } from "../../functions/report/sha256.ts";
import { leftNotes } from "../books/left-notes.ts";
import type { Span } from "../sla/books/month.ts";
import { readRuns } from "../sla/books/runs.ts";
import { CHANGED, sealedList, TAKEN_AWAY } from "./sealed-list.ts";
import { chainOf, type Link } from "./verify-chain.ts";
import type { Finding } from "./verify-day.ts";

export interface VerifiedNotes {
  /** That the span has to do with. */
  readonly looked: number;
  readonly findings: readonly Finding[];
}

interface NotesOf {
  readonly chain: readonly Link[];
  readonly span: Span;
  /** Only the lists are there, not what they name. */
  readonly isFormer: boolean;
  /** What they have seen, and whether a customer stayed, counts as well. */
  readonly others: readonly Shelf[];
}

const LANES = 16;
const MINUTE_MS = 60_000;

/** A note is written when it says: so much earlier it may have been begun, in ms. */
const SLACK_MS = 3_600_000;
/** A site that could not be told at once looks on until it is: so many minutes of a span contradict nothing. */
const MOST_LOOKED = 60;

/**
 * Whether notes of customers who leave lie there as they were sealed, were written when they say, and are not contradicted by what was
 * seen after that. One shortens every month from then on, so it is told of all of them. Rejects if a ledger does not answer.
 */
export async function verifyLeft(
  shelf: Shelf,
  { chain, span, isFormer, others }: NotesOf,
): Promise<VerifiedNotes> {
  const own = chain.filter(({ seal }) => seal.left !== undefined);
  const lists = await inLanes(LANES, own, (link) => sealedOn(shelf, link, link === own[0]));
  const findings = lists.flatMap((each) => each.findings);
  if (isFormer) return { looked: 0, findings };
  const sealed = Map.groupBy(
    lists.flatMap(({ notes }) => notes),
    ({ key }) => key,
  );
  const newest = own.at(-1);
  const untilMs = newest ? dayStart(nextDay(newest.day)) : undefined;
  const there = await noteTexts(shelf);
  const all = [...new Set([...sealed.keys(), ...there.keys()])].toSorted();
  const judged = all
    .map((key) => ({ key, named: sealed.get(key) ?? [], there: there.get(key) }))
    .filter((each) => isAbout(each, span));
  const notes = judged.flatMap((each) => each.there?.note ?? []);
  return {
    looked: judged.length,
    findings: [
      ...findings,
      ...judged.flatMap((each) => (untilMs === undefined ? [] : compared(each, untilMs))),
      ...(await contradicted([shelf, ...others], notes, span)),
    ],
  };
}

/** As a list has it, with the day of that. */
interface Named extends SealedNote {
  readonly day: string;
  /** It is the first of its site, which has all before it. */
  readonly isFirst: boolean;
}

interface Read {
  readonly notes: readonly Named[];
  readonly findings: readonly Finding[];
}

async function sealedOn(shelf: Shelf, { day, seal }: Link, isFirst: boolean): Promise<Read> {
  const { list, findings } = await sealedList<SealedNotes>(shelf, keys.leftOn(day), seal.left);
  const notes = list?.notes.map((each) => ({ ...each, day, isFirst }));
  return { notes: notes ?? [], findings };
}

interface There {
  readonly text: string;
  /** Undefined for what is none. */
  readonly note: Left | undefined;
}

async function noteTexts(shelf: Shelf): Promise<ReadonlyMap<string, There>> {
  const listed = await shelf.list(prefixes.left);
  const read = await inLanes(LANES, listed, async ({ key }) => {
    const text = await sealedText(shelf, key);
    return text === undefined ? [] : [[key, { text, note: readNote(text) }] as const];
  });
  return new Map(read.flat());
}

interface Judged {
  readonly key: string;
  /** Oldest first. */
  readonly named: readonly Named[];
  readonly there: There | undefined;
}

/** From when they left on, by whichever version; what may be about any time is about this one. */
function isAbout({ named, there }: Judged, { toMs }: Span): boolean {
  const known = [...named.map(({ at }) => at), ...(there?.note ? [there.note.at] : [])];
  return known.length === 0 || known.some((at) => at === null || Date.parse(at) < toMs);
}

function compared({ key, named, there }: Judged, sealedUntilMs: number): readonly Finding[] {
  const newest = named.at(-1);
  if (!newest) return isLate(there?.note, sealedUntilMs) ? [{ key, what: CAME_LATER }] : [];
  if (!there) return [{ key, what: TAKEN_AWAY }];
  const isSame = isAsSealed(there, named, newest) || isAnew(there, named, sealedUntilMs);
  return [...(isSame ? [] : [{ key, what: CHANGED }]), ...backdated(named)];
}

const CAME_LATER = "came after the day on which it says that they left was sealed";

const isLate = (note: Left | undefined, sealedUntilMs: number) =>
  note !== undefined && Date.parse(note.at) < sealedUntilMs - SLACK_MS;

/** All that lists say of it, or of it before somebody took it back; nobody takes back what was undone but by leaving again. */
function isAsSealed({ text, note }: There, named: readonly Named[], newest: Named): boolean {
  const versions = [text, ...(note?.undone ? [JSON.stringify(without(note))] : [])].map(sha256);
  return named
    .filter((each) => each === newest || each.at === note?.at)
    .every((each) => versions.includes(each.sha256));
}

const without = ({ undone: _, ...left }: Left): Left => left;

/** They have left again, since the newest seal. */
const isAnew = ({ note }: There, named: readonly Named[], sealedUntilMs: number): boolean =>
  note !== undefined && !isLate(note, sealedUntilMs) && named.every(({ at }) => at !== note.at);

/** Notes that were first sealed long after the instant at which they say that somebody left. */
const backdated = (named: readonly Named[]): readonly Finding[] =>
  named.flatMap(({ key, at, day, isFirst }, index) => {
    const isKnown = isFirst || named.slice(0, index).some((each) => each.at === at);
    if (isKnown || at === null || Date.parse(at) >= dayStart(day) - SLACK_MS) return [];
    return [{ key, what: `was written on ${day}, and says that they left at ${at}` }];
  });

/** What any site saw of whom long after they are said to have left. */
async function contradicted(
  shelves: readonly Shelf[],
  notes: readonly Left[],
  span: Span,
): Promise<readonly Finding[]> {
  if (notes.length === 0) return [];
  const { atMs } = await leftNotes(shelves);
  const standing = notes.filter(({ instance, at }) => atMs.get(instance) === Date.parse(at));
  if (standing.length === 0) return [];
  const looked = await inLanes(1, shelves, (shelf) => lookedSince(shelf, atMs, span));
  return standing.flatMap(({ instance, at }) => {
    const most = Math.max(...looked.map((each) => each.get(instance) ?? 0));
    if (most <= MOST_LOOKED) return [];
    const what = `says that they left at ${at}, and for ${most} minutes of the month after that a site still looked`;
    return [{ key: keys.left(instance), what }];
  });
}

/** How many minutes of a span were seen of each instance since it is said to have left, as days were sealed. */
async function lookedSince(
  shelf: Shelf,
  atMs: ReadonlyMap<string, number>,
  { fromMs, toMs }: Span,
): Promise<ReadonlyMap<string, number>> {
  const first = dayOf(Math.max(fromMs, Math.min(...atMs.values())));
  const links = (await chainOf(shelf)).filter(({ day }) => day >= first && dayStart(day) < toMs);
  const sums = new Map<string, number>();
  for (const { day, seal } of links) {
    const rollUps = await inLanes(LANES, Object.entries(seal.rollUps), ([shard, sum]) =>
      rollUpAt(shelf, keys.day(day, shard), sum),
    );
    for (const [id, { minutes }] of rollUps.flatMap((each) => Object.entries(each ?? {}))) {
      const sinceMs = atMs.get(id);
      if (sinceMs === undefined) continue;
      const since = { fromMs: Math.max(fromMs, sinceMs), toMs };
      sums.set(id, (sums.get(id) ?? 0) + minutesWithin(readRuns(minutes, dayStart(day)), since));
    }
  }
  return sums;
}

/** Of what is not as it was sealed nothing: that is told with its day. */
async function rollUpAt(
  shelf: Shelf,
  key: string,
  sum: string,
): Promise<DayRollUp["instances"] | undefined> {
  const text = await sealedText(shelf, key);
  return text !== undefined && sha256(text) === sum
    ? (JSON.parse(text) as DayRollUp).instances
    : undefined;
}

const minutesWithin = (seen: Iterable<Span>, { fromMs, toMs }: Span): number =>
  [...seen].reduce((sum, each) => {
    const ms = Math.min(each.toMs, toMs) - Math.max(each.fromMs, fromMs);
    return sum + Math.max(0, Math.floor(ms / MINUTE_MS));
  }, 0);
