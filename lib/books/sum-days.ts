import { SlaError } from "../../functions/kernel/errors.ts";
import { keys, prefixes } from "../../functions/ledger/contract.ts";
import type { Ledger, Ledgers } from "../../functions/ledger/ledger.ts";
import { rewrite } from "../../functions/ledger/written.ts";
import { answering, type Shelf } from "../../functions/report/answering.ts";
import { SETTLING_MINUTES } from "../../functions/report/contract.ts";
import { dayOf, lastDayOver } from "../../functions/report/days.ts";
import { formerSites } from "../../functions/report/former-sites.ts";
import type { SealedDays } from "../../functions/status/contract.ts";
import { type CivilDay, isoDay, LocalDays } from "../sla/backups/local-days.ts";
import type { Span } from "../sla/books/month.ts";
import type { Fleet } from "../sla/fleet.ts";
import { mirrorOf } from "../sla/mirror.ts";
import { type Almanac, daysDue, lacks, sumsToGoOnWith, withDay } from "./day-sums.ts";
import { daysOf, seenMinutes } from "./seen-minutes.ts";

export interface SumWorld {
  readonly fleet: Fleet;
  readonly ledgers: Ledgers;
  /** Control's, which keeps the sums. */
  readonly ledger: Ledger;
  /** In ms. */
  readonly now: () => number;
}

export interface SumReport {
  /** Days that were summed up now, `2026-11-03`. */
  readonly summed: readonly string[];
  /** Why none was that is due: the next pass tries again. */
  readonly waits?: string;
}

/** What is held at once of what was seen: some days of all instances. */
const DAYS_AT_ONCE = 5;

/**
 * Sums up, for status pages, the days that all sites have sealed, by what months are settled by. Where nothing is due nothing but the
 * sums is read. Rejects with `EvidenceChanged` if a roll-up is not what was sealed, and if control's ledger does not answer.
 */
export async function sumDays(world: SumWorld): Promise<SumReport> {
  const { fleet, ledger, now } = world;
  const { timezone } = fleet.provider;
  const almanac = { timezone, calendar: new LocalDays(timezone) };
  const held = await ledger.read<SealedDays>(keys.statusDays());
  const ids = fleet.instances.map(({ id }) => id);
  const before = sumsToGoOnWith(held?.value, ids, almanac, now());
  const over = lastDayOver(now(), SETTLING_MINUTES * 60_000);
  const due = daysDue(before, almanac.calendar, now())
    .map((day) => dueOf(day, almanac))
    .filter(({ span }) => dayOf(span.toMs - 1) <= over);
  if (due.length === 0) return { summed: [] };
  const shelves = await shelvesOf(due, world);
  if (typeof shelves === "string") return { summed: [], waits: shelves };
  const sealedFrom = before ? "" : await firstSealed(shelves);
  const days = due.filter(({ span }) => (daysOf(span)[0] ?? "") >= sealedFrom);
  await sumUp(before, days, { shelves, almanac, world });
  return { summed: days.map(({ day }) => isoDay(day)) };
}

interface Due {
  readonly day: CivilDay;
  readonly span: Span;
}

const dueOf = (day: CivilDay, { calendar }: Almanac): Due => ({
  day,
  span: { fromMs: calendar.midnight(day), toMs: calendar.midnight(day + 1) },
});

interface Reading {
  readonly shelves: readonly Shelf[];
  readonly almanac: Almanac;
  readonly world: SumWorld;
}

/** Keeps what it has: who dies over the first ninety days is followed up from there. */
async function sumUp(
  before: SealedDays | undefined,
  days: readonly Due[],
  { shelves, almanac, world: { fleet, ledger, now } }: Reading,
): Promise<void> {
  const ids = new Set(fleet.instances.map(({ id }) => id));
  const everySeconds = cadences(fleet, Object.keys(before?.instances ?? {}));
  let sums = before;
  for (let at = 0; at < days.length; at += DAYS_AT_ONCE) {
    const some = days.slice(at, at + DAYS_AT_ONCE);
    const span = hullOf(some);
    const { intervalsOf } = await seenMinutes(shelves, { span, everySeconds, now });
    for (const { day } of some) sums = withDay(sums, day, { ids, intervalsOf }, almanac);
    if (sums) await keep(sums, ledger);
  }
}

/** Another pass that has come further meanwhile has summed up the same. */
const keep = (sums: SealedDays, ledger: Ledger) =>
  rewrite<SealedDays>(ledger, keys.statusDays(), (there) => {
    if (there?.timezone !== sums.timezone || there.last < sums.last) return sums;
    return lacks(there, Object.keys(sums.instances)) ? sums : undefined;
  });

const hullOf = (days: readonly Due[]): Span => ({
  fromMs: Math.min(...days.map(({ span }) => span.fromMs)),
  toMs: Math.max(...days.map(({ span }) => span.toMs)),
});

/** Roll-ups go by those of their day. */
const OF_OTHERS_SECONDS = 60;

/** Of the fleet's instances, and of others that were in it. */
const cadences = (
  { instances, plans }: Fleet,
  others: readonly string[],
): ReadonlyMap<string, number> =>
  new Map([
    ...others.map((id) => [id, OF_OTHERS_SECONDS] as const),
    ...instances.flatMap(({ id, plan }) => {
      const seconds = plans[plan]?.watch.everySeconds;
      return seconds === undefined ? [] : [[id, seconds] as const];
    }),
  ]);

/** Of all sites, once each has sealed the last day; of one that does not answer, what another keeps. Else why not. */
async function shelvesOf(
  due: readonly Due[],
  { fleet, ledgers }: SumWorld,
): Promise<readonly Shelf[] | string> {
  const sites = Object.keys(fleet.sites);
  const { fromMs, toMs } = hullOf(due);
  const lastDay = dayOf(toMs - 1);
  try {
    const places = await Promise.all(
      sites.map((site) => answering(site, { ledgers, mirror: mirrorOf(site, fleet), lastDay })),
    );
    const sealed = await Promise.all(places.map(({ shelf }) => shelf.text(keys.daySeal(lastDay))));
    const late = sites.find((_, index) => sealed[index] === undefined);
    if (late !== undefined) return `${late} has not sealed ${lastDay} yet`;
    const keepers = sites.map((name) => ({ name, shelf: ledgers(name) }));
    const former = await formerSites(sites, keepers, [dayOf(fromMs), lastDay]);
    return [...places, ...former].map(({ shelf }) => shelf);
  } catch (cause) {
    if (cause instanceof SlaError && cause.code === "CloudUnreachable") return cause.message;
    throw cause;
  }
}

/** Before it nobody sealed anything. */
async function firstSealed(shelves: readonly Shelf[]): Promise<string> {
  const listed = await Promise.all(shelves.map((shelf) => shelf.list(prefixes.seals)));
  const days = listed.flat().map(({ key }) => key.slice(prefixes.seals.length, -".json".length));
  return days.toSorted()[0] ?? "";
}
