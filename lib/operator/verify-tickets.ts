import { inLanes } from "../../functions/kernel/lanes.ts";
import { keys } from "../../functions/ledger/contract.ts";
import { sealedText } from "../../functions/ledger/torn.ts";
import type { Shelf } from "../../functions/report/answering.ts";
import type { SealedTicket, SealedTickets } from "../../functions/report/contract.ts";
import { dayStart, nextDay } from "../../functions/report/days.ts";
import { eventsOf, firstEvents, ticketsOf } from "../../functions/report/ticket-seals.ts";
import type { Span } from "../sla/books/month.ts";
import type { TicketEvent } from "../sla/support/ticket.ts";
import { CHANGED, sealedList, TAKEN_AWAY } from "./sealed-list.ts";
import { chainOf, type Link } from "./verify-chain.ts";
import type { Finding } from "./verify-day.ts";

export interface VerifiedTickets {
  /** That the span has to do with. */
  readonly looked: number;
  readonly findings: readonly Finding[];
}

interface TicketsOf {
  readonly chain: readonly Link[];
  readonly span: Span;
  /** Only the lists are there, not what they name. */
  readonly isFormer: boolean;
  /** Ledgers that keep tickets as well, as they were sealed there. */
  readonly others: readonly Shelf[];
}

const LANES = 16;

/**
 * Whether requests for support of a span lie there as far as they were sealed, on whichever day that was, and whether anything in them
 * says that it was recorded on a day whose seal does not know it. Rejects if the ledger does not answer.
 */
export async function verifyTickets(
  shelf: Shelf,
  { chain, span, isFormer, others }: TicketsOf,
): Promise<VerifiedTickets> {
  const lists = await inLanes(LANES, chain, (link) => sealedOn(shelf, link));
  const findings = lists.flatMap((each) => each.findings);
  const newest = chain.findLast(({ seal }) => seal.tickets !== undefined);
  if (isFormer || !newest) return { looked: 0, findings };
  const sealed = Map.groupBy(
    lists.flatMap(({ tickets }) => tickets),
    ({ key }) => key,
  );
  const sealedUntilMs = dayStart(nextDay(newest.day));
  // One that no seal knows, though the ledger says that it took it before.
  const taken = await ticketsOf(whole(shelf), {
    fromMs: Number.NEGATIVE_INFINITY,
    toMs: sealedUntilMs,
  });
  const unknown = taken.filter(({ key }) => !sealed.has(key));
  const wanted = [...[...sealed.values()].flat(), ...unknown].filter((each) => isAbout(each, span));
  const own = [...new Set(wanted.map(({ key }) => key))];
  const told = await inLanes(LANES, own, (key) =>
    looked(shelf, { key, sealed: sealed.get(key) ?? [], sealedUntilMs, others }),
  );
  return { looked: own.length, findings: [...findings, ...told.flat()] };
}

const whole = (shelf: Shelf) => ({
  list: (prefix: string) => shelf.list(prefix),
  text: (key: string) => sealedText(shelf, key),
});

interface Read {
  readonly tickets: readonly SealedTicket[];
  readonly findings: readonly Finding[];
}

async function sealedOn(shelf: Shelf, { day, seal }: Link): Promise<Read> {
  const key = keys.ticketsOf(day);
  const { list, findings } = await sealedList<SealedTickets>(shelf, key, seal.tickets);
  return { tickets: list?.tickets ?? [], findings };
}

/** What may be about any time is about this one. */
const isAbout = ({ from, to }: SealedTicket, span: Span): boolean =>
  from === null || to === null || (Date.parse(from) < span.toMs && Date.parse(to) >= span.fromMs);

interface Looked {
  readonly key: string;
  /** Day by day. */
  readonly sealed: readonly SealedTicket[];
  readonly sealedUntilMs: number;
  readonly others: readonly Shelf[];
}

async function looked(
  shelf: Shelf,
  { key, sealed, sealedUntilMs, others }: Looked,
): Promise<readonly Finding[]> {
  const events = await eventsOf(shelf, key);
  if (events === undefined) return [{ key, what: TAKEN_AWAY }];
  const isAsSealed = sealed.every(
    (each) => events.length >= each.events && firstEvents(events, each.events) === each.sha256,
  );
  if (!isAsSealed) return [{ key, what: CHANGED }];
  const known = Math.max(0, ...sealed.map((each) => each.events));
  const late = events
    .slice(known)
    .filter(({ recordedAt }) => !(Date.parse(recordedAt) >= sealedUntilMs));
  return late.length === 0 ? [] : strangers(key, late, others);
}

/** A ledger that did not answer is given later what another one took in time. */
async function strangers(
  key: string,
  late: readonly TicketEvent[],
  others: readonly Shelf[],
): Promise<readonly Finding[]> {
  const known = new Set((await inLanes(LANES, others, (other) => idsIn(other, key))).flat());
  return late
    .filter(({ id }) => !known.has(id))
    .map(({ kind, recordedAt }) => ({
      key,
      what: `has a '${kind}' that says it was recorded at ${recordedAt}, and came after that day was sealed`,
    }));
}

/** Of the events of a ticket there that are sealed there. */
async function idsIn(shelf: Shelf, key: string): Promise<readonly string[]> {
  const lists = await inLanes(LANES, await chainOf(shelf), (link) => sealedOn(shelf, link));
  const sealed = lists.flatMap(({ tickets }) => tickets).filter((each) => each.key === key);
  const events = (await eventsOf(shelf, key)) ?? [];
  const most = sealed.findLast((each) => firstEvents(events, each.events) === each.sha256);
  return events.slice(0, most?.events ?? 0).map(({ id }) => id);
}
