import { inLanes } from "../../functions/kernel/lanes.ts";
import { keys, prefixes } from "../../functions/ledger/contract.ts";
import { isTorn } from "../../functions/ledger/torn.ts";
import type { Shelf } from "../../functions/report/answering.ts";
import {
  type BackupDeed,
  type BackupHappened,
  type Happenings,
  livesOf,
} from "../sla/books/happenings.ts";
import type { Span } from "../sla/books/month.ts";
import { backupsIn } from "./backup-deeds.ts";
import { type Found, failoverIn, incidentOf, isWithin, type Read, testIn } from "./happened.ts";

const LANES = 16;
const DAY_MS = 86_400_000;

/**
 * What the ledgers tell of each instance's month, the same in whichever order they are asked. Rejects if one does not
 * answer.
 *
 * @param daysBefore so long before it began backups may have been taken that still count in it
 */
export async function happeningsOf(
  shelves: readonly Shelf[],
  span: Span,
  instances: readonly { readonly id: string }[],
  daysBefore = 0,
): Promise<ReadonlyMap<string, Happenings>> {
  const deeds = await deedsOf(shelves, { ...span, fromMs: span.fromMs - daysBefore * DAY_MS });
  const found = await inLanes(LANES, instances, async ({ id }) => {
    const happened = await happeningsOfOne(shelves, span, id);
    const own = deeds.get(id) ?? [];
    const backups = own.flatMap((deed) => (isIn(span, deed.at) ? begun(deed) : []));
    return [id, { ...happened, backups, lives: livesOf(own) }] as const;
  });
  return new Map(found);
}

function begun({ instance: _, kind, ...deed }: BackupDeed): readonly BackupHappened[] {
  return kind === "delete" ? [] : [{ ...deed, kind }];
}

async function happeningsOfOne(shelves: readonly Shelf[], span: Span, id: string) {
  const read = (prefix: string, isOne: RegExp) => recordsIn(shelves, prefix, isOne);
  const [incidents, failovers, tests] = await Promise.all([
    read(prefixes.incidents(id), /\.json$/),
    read(prefixes.failovers(id), /\/record\.json$/),
    read(prefixes.restores(id), /\/record\.json$/),
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
  const proof = proven
    .filter(({ ok, endedAt }) => ok && Date.parse(endedAt) < span.toMs)
    .toSorted(by(({ endedAt }) => endedAt))
    .at(-1);
  return {
    incidents: happened.filter((each) => isWithin(each, span)).toSorted(by((e) => e.firstBadAt)),
    failovers: all(failovers, (key, copies) => failoverIn(id, key, copies, settled))
      .filter(({ goodAt }) => isIn(span, goodAt))
      .toSorted(by(({ goodAt }) => goodAt)),
    restoreTests: proven
      .filter(({ endedAt }) => isIn(span, endedAt))
      .toSorted(by(({ endedAt }) => endedAt)),
    ...(proof && { lastProof: { key: proof.key, endedAt: proof.endedAt } }),
    unreadable: unreadable.toSorted(),
  };
}

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
    return inLanes(LANES, wanted, async ({ key }) => [key, await readable(shelf, key)] as const);
  });
  const byKey = Map.groupBy(all.flat(), ([key]) => key);
  return new Map(
    [...byKey]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, copies]) => [key, copies.map(([, copy]) => copy)]),
  );
}

async function readable(shelf: Shelf, key: string): Promise<Read> {
  try {
    return (await shelf.read<unknown>(key))?.value;
  } catch (cause) {
    if (isTorn(cause)) return undefined;
    throw cause;
  }
}

/** By instance, of the days of UTC that the span touches, oldest first; what lies under another's key says nothing. */
async function deedsOf(shelves: readonly Shelf[], { fromMs, toMs }: Span) {
  const days = Array.from(
    { length: Math.floor((toMs - 1) / DAY_MS) - Math.floor(fromMs / DAY_MS) + 1 },
    (_, index) =>
      new Date((Math.floor(fromMs / DAY_MS) + index) * DAY_MS).toISOString().slice(0, 10),
  );
  const found: BackupDeed[] = [];
  for (const day of days) {
    const records = await recordsIn(shelves, prefixes.backupDeeds(day), /\.json$/);
    for (const [key, [copy]] of records) {
      const deeds = backupsIn(key, copy, (at, region) => keys.backupDeeds(at, region) === key);
      found.push(...deeds.filter(({ at }) => isIn({ fromMs, toMs }, at)));
    }
  }
  return Map.groupBy(found.toSorted(by(({ at }) => at)), ({ instance }) => instance);
}
