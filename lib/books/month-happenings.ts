import { inLanes } from "../../functions/kernel/lanes.ts";
import { prefixes } from "../../functions/ledger/contract.ts";
import { valueAt } from "../../functions/ledger/records.ts";
import type { Shelf } from "../../functions/report/answering.ts";
import {
  type BackupDeed,
  type BackupHappened,
  type FailoverHappened,
  type Happenings,
  isOfImages,
  livesOf,
  type TestHappened,
} from "../sla/books/happenings.ts";
import type { Span } from "../sla/books/month.ts";
import type { Plan } from "../sla/plan.ts";
import {
  type Found,
  failoverIn,
  gameDayIn,
  imageTestIn,
  incidentOf,
  isWithin,
  type Read,
  testIn,
} from "./happened.ts";

const LANES = 16;

interface About {
  readonly id: string;
  readonly plan: Pick<Plan, "imageTests">;
}

/**
 * What the ledgers tell of one instance's month, the same in whichever order they are asked. Rejects if one does not
 * answer.
 *
 * @param about the instance, and what tests of it were sold: where nobody starts machines from images nobody is asked for records of it
 * @param deeds about its backups, oldest first, from as long before the month as some may still count in it
 */
export async function happeningsOf(
  shelves: readonly Shelf[],
  span: Span,
  about: About,
  deeds: readonly BackupDeed[],
): Promise<Happenings> {
  const happened = await recordedOf(shelves, span, about);
  const backups = deeds.flatMap((deed) => (isIn(span, deed.at) ? begun(deed) : []));
  const images = deeds.filter(({ kind }) => isOfImages(kind));
  const lives = livesOf(deeds.filter(({ kind }) => !isOfImages(kind)));
  return { ...happened, backups, lives, images: livesOf(images) };
}

function begun({ instance: _, kind, ...deed }: BackupDeed): readonly BackupHappened[] {
  return kind === "take" || kind === "copy" ? [{ ...deed, kind }] : [];
}

async function recordedOf(shelves: readonly Shelf[], span: Span, { id, plan }: About) {
  const read = (prefix: string, isOne: RegExp) => recordsIn(shelves, prefix, isOne);
  const [incidents, failovers, tests, exercises, boots] = await Promise.all([
    read(prefixes.incidents(id), /\.json$/),
    read(prefixes.failovers(id), /\/record\.json$/),
    read(prefixes.restores(id), /\/record\.json$/),
    read(prefixes.gameDays(id), /\/record\.json$/),
    plan.imageTests ? read(prefixes.imageTests(id), /\.json$/) : new Map<string, never>(),
  ]);
  const unreadable: string[] = [];
  const known = <T>(found: Found<T>, key: string): readonly T[] => {
    if (found === "unreadable") unreadable.push(key);
    return typeof found === "string" ? [] : [found];
  };
  const all = <T>(records: Records, one: (key: string, copies: readonly Read[]) => Found<T>) =>
    [...records].flatMap(([key, copies]) => known(one(key, copies), key));
  const happened = all(incidents, (key, copies) => incidentOf(id, key, copies));
  const settled = new Set(
    happened.flatMap(({ notes }) =>
      notes.filter(({ outcome }) => outcome === "settled").map((note) => note.id),
    ),
  );
  const proven = all(tests, (key, copies) => testIn(id, key, copies));
  const booted = all(boots, (key, copies) => imageTestIn(id, key, copies));
  const gameDays = all(exercises, (key, copies) => gameDayIn(id, key, copies));
  const provoked = new Map(gameDays.map(({ failover, key }) => [failover, key]));
  const [proof, imageProof] = [newestProof(proven, span), newestProof(booted, span)];
  return {
    incidents: happened.filter((each) => isWithin(each, span)).toSorted(by((e) => e.firstBadAt)),
    failovers: all(failovers, (key, copies) => failoverIn(id, key, copies, settled))
      .filter(({ goodAt }) => isIn(span, goodAt))
      .map((each) => withGameDay(each, provoked.get(each.id)))
      .toSorted(by(({ goodAt }) => goodAt)),
    restoreTests: proven
      .filter(({ endedAt }) => isIn(span, endedAt))
      .toSorted(by(({ endedAt }) => endedAt)),
    imageTests: booted
      .filter(({ endedAt }) => isIn(span, endedAt))
      .toSorted(by(({ endedAt }) => endedAt)),
    gameDays: gameDays
      .filter(({ endedAt }) => isIn(span, endedAt))
      .toSorted(by(({ endedAt }) => endedAt)),
    ...(proof && { lastProof: proof }),
    ...(imageProof && { lastImageProof: imageProof }),
    unreadable: unreadable.toSorted(),
  };
}

/** Until the end of the span. */
function newestProof(tests: readonly Pick<TestHappened, "key" | "ok" | "endedAt">[], span: Span) {
  const [newest] = tests
    .filter(({ ok, endedAt }) => ok && Date.parse(endedAt) < span.toMs)
    .toSorted(by(({ endedAt }) => endedAt))
    .slice(-1);
  return newest && { key: newest.key, endedAt: newest.endedAt };
}

const withGameDay = (failover: FailoverHappened, gameDay: string | undefined) =>
  gameDay === undefined ? failover : { ...failover, gameDay };

const isIn = ({ fromMs, toMs }: Span, at: string) =>
  Date.parse(at) >= fromMs && Date.parse(at) < toMs;

const by =
  <T>(of: (each: T) => string) =>
  (one: T, other: T) =>
    Date.parse(of(one)) - Date.parse(of(other));

type Records = ReadonlyMap<string, readonly Read[]>;

/** By key, what every ledger that has one says there. */
async function recordsIn(
  shelves: readonly Shelf[],
  prefix: string,
  isOne: RegExp,
): Promise<Records> {
  const all = await inLanes(LANES, shelves, async (shelf) => {
    const listed = await shelf.list(prefix);
    const wanted = listed.filter(({ key }) => isOne.test(key));
    return inLanes(LANES, wanted, async ({ key }) => [key, await valueAt(shelf, key)] as const);
  });
  const byKey = Map.groupBy(all.flat(), ([key]) => key);
  return new Map(
    [...byKey]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, copies]) => [key, copies.map(([, copy]) => copy)]),
  );
}
