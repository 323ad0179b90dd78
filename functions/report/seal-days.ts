import { timezoneOf } from "../../lib/sla/books/timezone.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { keys, prefixes } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { carry, type Destination, textOf } from "./carry.ts";
import {
  type Carried,
  SETTLING_MINUTES,
  type Seal,
  type SealedNotes,
  type SealedTickets,
  type SealName,
  type Statements,
} from "./contract.ts";
import type { BookOf } from "./day-book.ts";
import { readDay } from "./day-reading.ts";
import { dayStart, daysBefore, daysFrom, lastDayOver, nextDay } from "./days.ts";
import { notesOf } from "./left-seals.ts";
import { sha256 } from "./sha256.ts";
import { marksOf, statementsOf, type When } from "./statements.ts";
import { ticketsOf } from "./ticket-seals.ts";

export interface SealPorts {
  readonly site: string;
  readonly ledger: Ledger;
  /** Another site's, that goes on if this one is lost; undefined if there is none. */
  readonly mirror: Destination | undefined;
  /** The frozen account's bucket: nobody changes what lies there. Undefined if the fleet has none. */
  readonly vault: Destination | undefined;
  readonly fleet: Fleet;
  readonly clock: Pick<Clock, "now">;
}

/** How a pass went. */
export interface SealReport {
  readonly sealed: readonly string[];
  readonly carried: Carried;
  /** Where seals could not be carried to, and why. */
  readonly failures: readonly string[];
}

/**
 * Rolls up and seals every day that is over, in order, and carries what is sealed elsewhere. What an earlier pass has
 * written stays as it is, so that any pass may be repeated, or die anywhere. Rejects if the own ledger does not answer.
 */
export async function sealDays(ports: SealPorts): Promise<SealReport> {
  const { ledger, clock } = ports;
  const known = (await ledger.list(prefixes.seals)).map(({ key }) => dayIn(key)).toSorted();
  const newest = known.at(-1);
  const over = lastDayOver(clock.now().getTime(), SETTLING_MINUTES * 60_000);
  const first = newest === undefined ? await firstDay(ledger, over) : nextDay(newest);
  const due = daysFrom(first, over);
  let previous = newest === undefined ? null : await linkOf(newest, ledger);
  for (const day of due) previous = await seal(day, previous, ports);
  return { sealed: due, ...(await carry([...known, ...due], ports)) };
}

/** The month that is over, and this one. */
const LOOK_BACK_DAYS = 62;

/** Of a site that has sealed nothing yet: the first day it has records of. What lies further back stays unsealed. */
async function firstDay(ledger: Ledger, over: string): Promise<string> {
  for (const day of daysFrom(daysBefore(over, LOOK_BACK_DAYS), over)) {
    if ((await ledger.list(prefixes.rounds(day))).length > 0) return day;
  }
  return over;
}

/** A report of failures ends the invocation as failed, after all it could do: an alarm counts those. */
export function allCarried(report: SealReport): SealReport {
  if (report.failures.length === 0) return report;
  throw new SlaError("SealsNotCarried", "cloud", report.failures.join("; "));
}

const dayIn = (key: string) => key.slice(prefixes.seals.length, -".json".length);

/** A seal, by what the next one says of it. */
interface Link extends SealName {
  readonly seal: Seal;
}

async function linkOf(day: string, ledger: Ledger): Promise<Link> {
  const text = await textOf(keys.daySeal(day), ledger);
  return { day, sha256: sha256(text), seal: JSON.parse(text) as Seal };
}

async function seal(
  day: string,
  before: Link | null,
  { site, ledger, fleet, clock }: SealPorts,
): Promise<Link> {
  const soldTo = soldIn(fleet);
  const now = () => clock.now().getTime();
  const book = await readDay(ledger, { day, site, soldTo, now });
  const rollUps: Record<string, string> = {};
  for (const rollUp of book.rollUps()) {
    const key = keys.day(day, rollUp.shard);
    rollUps[rollUp.shard] = sha256(await written(key, rollUp, ledger));
  }
  const took = (isFirst: boolean): When => ({
    fromMs: isFirst ? Number.NEGATIVE_INFINITY : dayStart(day),
    toMs: dayStart(nextDay(day)),
  });
  const when = took(before?.seal.statements === undefined);
  const said = [...(await statementsOf(ledger, when)), ...(await marksOf(ledger, when))];
  const records = said.toSorted((one, other) => (one.key < other.key ? -1 : 1));
  const statements = await listed(keys.statements(day), records, { day, site, records }, ledger);
  const all = await ticketsOf(ledger, took(before?.seal.tickets === undefined));
  const tickets = await listed(keys.ticketsOf(day), all, { day, site, tickets: all }, ledger);
  const notes = await notesOf(ledger, took(before?.seal.left === undefined));
  const left = await listed(keys.leftOn(day), notes, { day, site, notes }, ledger);
  const previous = before && { day: before.day, sha256: before.sha256 };
  const sealed: Seal = { day, site, rollUps, statements, tickets, left, previous };
  const text = await written(keys.daySeal(day), sealed, ledger);
  return { day, sha256: sha256(text), seal: JSON.parse(text) as Seal };
}

/** The SHA-256 of the list that lies there afterwards; null: there is none, for nothing is on it. */
async function listed(
  key: string,
  entries: readonly unknown[],
  list: Statements | SealedTickets | SealedNotes,
  ledger: Ledger,
): Promise<string | null> {
  if (entries.length > 0) return sha256(await written(key, list, ledger));
  const there = await ledger.text(key);
  return there === undefined ? null : sha256(there);
}

const soldIn = (fleet: Fleet): BookOf["soldTo"] => {
  const known = new Map(fleet.instances.map((each) => [each.id, each]));
  return (id) => {
    const instance = known.get(id);
    const plan = instance && fleet.plans[instance.plan];
    return plan
      ? { everySeconds: plan.watch.everySeconds, timezone: timezoneOf(instance, fleet) }
      : {};
  };
};

/** The text that lies there afterwards: whoever was first decides. */
async function written(key: string, value: unknown, ledger: Ledger): Promise<string> {
  return (await ledger.create(key, value)) ? JSON.stringify(value) : textOf(key, ledger);
}
