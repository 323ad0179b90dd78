import type { Ticket, TicketEvent } from "../../lib/sla/support/ticket.ts";
import { SlaError } from "../kernel/errors.ts";
import { inLanes } from "../kernel/lanes.ts";
import { keys, prefixes } from "../ledger/contract.ts";
import { keptReader } from "../ledger/fleet.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { rewrite } from "../ledger/written.ts";

/** A ledger that keeps tickets: control's, and that of its mirror. */
export interface TicketShelf {
  readonly region: string;
  readonly ledger: Ledger;
}

export type TicketName = Pick<Ticket, "instance" | "id">;

export interface Kept<T> {
  readonly value: T;
  /** Regions that did not answer: what only they know is not in it. */
  readonly silent: readonly string[];
}

const LANES = 16;

/**
 * Adds an event to every shelf that answers, once, however often it is said; the others are given it when they are read again.
 * Rejects if no shelf answers.
 */
export async function recordEvent(
  shelves: readonly TicketShelf[],
  { instance, id }: TicketName,
  event: TicketEvent,
): Promise<Kept<TicketEvent>> {
  const { silent } = await fromAll(shelves, ({ ledger }) => add(ledger, { instance, id }, [event]));
  return { value: event, silent };
}

/** What all shelves that answer know of a ticket; undefined if none does. Rejects if no shelf answers. */
export async function readTicket(
  shelves: readonly TicketShelf[],
  { instance, id }: TicketName,
): Promise<Kept<Ticket | undefined>> {
  const { answers, silent } = await fromAll(shelves, ({ ledger }) =>
    ledger.read<Ticket>(keys.ticket(instance, id)),
  );
  return { value: merged(answers.flatMap((entry) => entry?.value ?? []))[0], silent };
}

/** All tickets, or an instance's, by instance and id. Rejects if no shelf answers. */
export async function readTickets(
  shelves: readonly TicketShelf[],
  instance?: string,
): Promise<Kept<readonly Ticket[]>> {
  const { answers, silent } = await fromAll(shelves, ({ ledger }) => allIn(ledger, instance));
  return { value: merged(answers.flat()), silent };
}

/** Likewise of all, again and again: reads again only what has changed. */
export function keptTickets(
  shelves: readonly TicketShelf[],
): () => Promise<Kept<readonly Ticket[]>> {
  const readers = shelves.map((shelf) => ({
    ...shelf,
    all: keptReader<Ticket>(shelf.ledger, prefixes.tickets()),
  }));
  return async () => {
    const { answers, silent } = await fromAll(readers, ({ all }) => all());
    return { value: merged(answers.flat()), silent };
  };
}

/** The instances that have a ticket of this id. Rejects if no shelf answers. */
export async function instancesWith(
  shelves: readonly TicketShelf[],
  id: string,
): Promise<readonly string[]> {
  const { answers } = await fromAll(shelves, ({ ledger }) => ledger.list(prefixes.tickets()));
  const named = answers.flat().map(({ key }) => key.split("/"));
  return [...new Set(named.flatMap(([, of = "", name]) => (name === `${id}.json` ? [of] : [])))];
}

async function allIn(ledger: Ledger, instance: string | undefined): Promise<readonly Ticket[]> {
  const listed = await ledger.list(prefixes.tickets(instance));
  const entries = await inLanes(LANES, listed, ({ key }) => ledger.read<Ticket>(key));
  return entries.flatMap((entry) => entry?.value ?? []);
}

/** Writes what a shelf does not have yet; a ticket that it has already stays as it is. */
export async function add(
  ledger: Ledger,
  { instance, id }: TicketName,
  events: readonly TicketEvent[],
): Promise<void> {
  await rewrite<Ticket>(ledger, keys.ticket(instance, id), (current) => {
    const known = current?.events ?? [];
    const fresh = events.filter((event) => !known.some((each) => each.id === event.id));
    return fresh.length === 0 ? undefined : { instance, id, events: [...known, ...fresh] };
  });
}

/** Of several copies of tickets one each, with the events of all, in the order in which they were recorded. */
export function merged(copies: readonly Ticket[]): readonly Ticket[] {
  const byName = Map.groupBy(copies, ({ instance, id }) => keys.ticket(instance, id));
  return [...byName.values()].flatMap((same) => {
    const [first] = same;
    const events = new Map(same.flatMap((each) => each.events.map((event) => [event.id, event])));
    const inOrder = [...events.values()].toSorted(
      (a, b) => compare(a.recordedAt, b.recordedAt) || compare(a.id, b.id),
    );
    return first ? [{ ...first, events: inOrder }] : [];
  });
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** Asks all at once. Rejects with the first cause if none answers. */
async function fromAll<S extends TicketShelf, T>(
  shelves: readonly S[],
  ask: (shelf: S) => Promise<T>,
): Promise<{ readonly answers: readonly T[]; readonly silent: readonly string[] }> {
  const asked = await Promise.allSettled(shelves.map(ask));
  const answers = asked.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const [failed] = asked.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
  if (answers.length === 0) {
    throw failed ?? new SlaError("FleetMissing", "operator", "no ledger keeps tickets");
  }
  return {
    answers,
    silent: shelves.flatMap(({ region }, index) =>
      asked[index]?.status === "rejected" ? [region] : [],
    ),
  };
}
