import { DUMPED_EVERY } from "../destination.ts";
import type { Period, Plan } from "../plan.ts";
import type { Finding, Verify } from "./action.ts";
import { shiftOf, type ZoneCalendar } from "./calendar.ts";
import type { Shelved } from "./catalogue.ts";
import { isFresh } from "./dated.ts";
import { isAvailable, type Shelves } from "./keepers.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Where a plan says nothing of restore tests, or not how often: a backup that nobody ever restored is a hope. */
const TESTED_UNLESS_SOLD: Period = "1mo";

export const testPeriodOf = (sold: Plan["restoreTests"]): Period =>
  sold === undefined || sold.every === "unstated" ? TESTED_UNLESS_SOLD : sold.every;

/** A test that has not ended by then never will: it gives up before. */
export const TEST_ENDS_WITHIN_MS = 12 * HOUR_MS;

/** The first backup is not tested at once: a fleet that has just been deployed has other work. */
const FIRST_AFTER_MS = DAY_MS;
/** A place in which a test has failed is tested again. */
const AGAIN_AFTER_MS = DAY_MS;
/** One test in so many takes any backup of its place instead of the newest. */
const ONE_IN = 4;

export interface Tested {
  readonly instance: string;
  /** Regions that have to hold its backups. */
  readonly places: readonly string[];
  readonly primary: { readonly region: string };
  /** Between two tests of the instance, each in the next place; absent: there are none. */
  readonly testEvery?: Period;
  /** Region in which a restored backup is also frozen, so that it is tested there more often. */
  readonly frozenIn?: string;
  /** How often; absent: once a week. */
  readonly frozenEvery?: Period;
}

/**
 * The restore test that has to begin now, if any: of the newest backup in the place whose last test is longest ago, away from the
 * primary first, and sometimes of an older one; a day after a failed one in the same place again. One at a time.
 */
export function testOf(
  desired: Tested,
  shelves: Shelves,
  calendar: ZoneCalendar,
  nowMs: number,
): Verify | undefined {
  const { testEvery } = desired;
  if (testEvery === undefined) return undefined;
  const rows = desired.places.flatMap((place) => rowOf(place, shelves, nowMs));
  if (rows.some(({ last }) => last && isUnderWay(last, nowMs))) return undefined;
  const failed = rows.find(({ last }) => last && isFailed(last) && isPast(last, nowMs));
  if (failed) return verify(failed.newest, "the test before failed here");
  // One place in which every test fails keeps none of the others from being tested.
  const well = rows.filter(({ last }) => !last || !isFailed(last));
  const { frozenIn, frozenEvery = DUMPED_EVERY } = desired;
  const freezing = well.filter(({ newest }) => newest.region === frozenIn);
  const [frozen] = freezing;
  // Of a backup that was proven here there is a dump already.
  const isNew = frozen?.newest !== frozen?.last;
  if (frozen && isNew && nowMs >= dueMs(freezing, frozenEvery, calendar)) {
    return verify(frozen.newest, "a frozen copy is made of it");
  }
  const others = well.filter((row) => row !== frozen);
  const turn = nextTurn(others, desired.primary.region);
  if (!turn || nowMs < dueMs(others, testEvery, calendar)) return undefined;
  const dice = hash(`${desired.instance} ${calendar.dayOf(nowMs)}`);
  const older = dice % ONE_IN === 0 ? anyOf(turn, shelves, dice >>> 8) : undefined;
  const when = turn.last ? `last tested here ${iso(turn.last.testedMs)}` : "never tested here";
  return older ? verify(older, `${when}; an older one for once`) : verify(turn.newest, when);
}

/** Told in the place where it lies, until a later test there goes well. */
export function testFindings(
  { instance, places }: Tested,
  shelves: Shelves,
  nowMs: number,
): readonly Finding[] {
  return places.flatMap((region) => {
    const [row] = rowOf(region, shelves, nowMs);
    if (!row?.last || isUnderWay(row.last, nowMs) || !isFailed(row.last)) return [];
    const { id, testedMs, refutedMs } = row.last;
    const end = (refutedMs ?? 0) >= testedMs ? "failed" : "never ended";
    const detail = `the restore test of ${id} that began ${iso(testedMs)} ${end}`;
    return [{ kind: "restore-test-failed", instance, region, detail, patienceMs: 0 }];
  });
}

/** Backups of a region whose test is still under way. */
export const testsUnderWay = (here: readonly Shelved[], nowMs: number): readonly Shelved[] =>
  here.filter((backup) => isTested(backup) && isUnderWay(backup, nowMs));

type WasTested = Shelved & { readonly testedMs: number };

interface Row {
  /** Of those that can be restored. */
  readonly newest: Shelved;
  readonly oldestMs: number;
  /** Of the tests in this place the one that began last. */
  readonly last: WasTested | undefined;
}

function rowOf(place: string, shelves: Shelves, nowMs: number): Row[] {
  const shelf = shelves.get(place) ?? [];
  const restorable = shelf.filter(isRestorable);
  const newest = most(restorable, ({ takenMs }) => takenMs);
  const oldest = most(restorable, ({ takenMs }) => -takenMs);
  if (!newest || !oldest) return [];
  // A clock that was ahead must not put off all tests to come.
  const tested = shelf.filter(isTested).filter(({ testedMs }) => testedMs <= nowMs);
  const last = most(tested, ({ testedMs }) => testedMs);
  return [{ newest, oldestMs: oldest.takenMs, last }];
}

/** A pass asks this of ten thousand instances: nothing is sorted. */
function most<T>(all: readonly T[], sizeOf: (one: T) => number): T | undefined {
  let found: T | undefined;
  for (const one of all) if (found === undefined || sizeOf(one) >= sizeOf(found)) found = one;
  return found;
}

/** What was taken for a dump is tested for that alone. */
const isRestorable = (backup: Shelved) => isAvailable(backup) && backup.isTimed && !isFresh(backup);

/** Undefined if it would be the newest. */
function anyOf({ newest }: Row, shelves: Shelves, dice: number): Shelved | undefined {
  const all = (shelves.get(newest.region) ?? []).filter(isRestorable);
  const chosen = all[dice % all.length];
  return chosen === newest ? undefined : chosen;
}

function nextTurn(rows: readonly Row[], home: string): Row | undefined {
  const order = ({ last, newest }: Row) =>
    [last?.testedMs ?? -1, newest.region === home ? 1 : 0] as const;
  return rows.toSorted((one, other) => {
    const [[testedMs, isHome], [otherMs, isOtherHome]] = [order(one), order(other)];
    return testedMs - otherMs || isHome - isOtherHome;
  })[0];
}

function dueMs(rows: readonly Row[], every: Period, calendar: ZoneCalendar): number {
  const tests = rows.flatMap(({ last }) => last?.testedMs ?? []);
  if (tests.length > 0) return calendar.shift(Math.max(...tests), shiftOf(every, 1));
  return Math.min(...rows.map(({ oldestMs }) => oldestMs)) + FIRST_AFTER_MS;
}

const verify = (backup: Shelved | undefined, because: string): Verify | undefined =>
  backup && { kind: "verify", region: backup.region, backup, because };

const isTested = (backup: Shelved): backup is WasTested => backup.testedMs !== undefined;

const endedMs = ({ verifiedMs = 0, refutedMs = 0 }: Shelved) => Math.max(verifiedMs, refutedMs);

/** Its last test has, well or not. */
export const hasEnded = (backup: Shelved): boolean =>
  isTested(backup) && endedMs(backup) >= backup.testedMs;

const isUnderWay = (backup: WasTested, nowMs: number): boolean =>
  endedMs(backup) < backup.testedMs && nowMs - backup.testedMs < TEST_ENDS_WITHIN_MS;

/** Refuted, or begun and never ended. */
const isFailed = ({ verifiedMs = 0, testedMs, refutedMs = 0 }: WasTested): boolean =>
  verifiedMs < Math.max(testedMs, refutedMs);

const isPast = ({ testedMs }: WasTested, nowMs: number) => nowMs - testedMs >= AGAIN_AFTER_MS;

/** FNV-1a: the same everywhere, and evenly spread. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ char.charCodeAt(0), 0x01000193) >>> 0;
  return value;
}

const iso = (ms: number) => new Date(ms).toISOString();
