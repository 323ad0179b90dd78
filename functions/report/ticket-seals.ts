import type { TicketEvent } from "../../lib/sla/support/ticket.ts";
import { inLanes } from "../kernel/lanes.ts";
import { prefixes } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { sealedText } from "../ledger/torn.ts";
import type { SealedTicket } from "./contract.ts";
import { sha256 } from "./sha256.ts";
import { takenWithin, type When } from "./statements.ts";

type Shelf = Pick<Ledger, "list" | "text">;

const LANES = 16;

/** How far the tickets are written that a ledger took something of at a time that it says itself. Rejects if it does not answer. */
export async function ticketsOf(shelf: Shelf, when: When): Promise<readonly SealedTicket[]> {
  const taken = takenWithin(await shelf.list(prefixes.tickets()), when);
  const read = await inLanes(LANES, taken, async ({ key }) => {
    const events = await eventsOf(shelf, key);
    return events === undefined ? [] : [sealedAs(key, events)];
  });
  return read.flat().toSorted((one, other) => (one.key < other.key ? -1 : 1));
}

/** As they lie there; none of a ticket that nobody can read, undefined where there is no ticket. */
export async function eventsOf(
  shelf: Pick<Shelf, "text">,
  key: string,
): Promise<readonly TicketEvent[] | undefined> {
  const text = await sealedText(shelf, key);
  if (text === undefined) return undefined;
  try {
    const { events } = JSON.parse(text) as { readonly events?: unknown };
    return Array.isArray(events) ? (events as readonly TicketEvent[]) : [];
  } catch {
    return [];
  }
}

export const firstEvents = (events: readonly TicketEvent[], count: number): string =>
  sha256(JSON.stringify(events.slice(0, count)));

function sealedAs(key: string, events: readonly TicketEvent[]): SealedTicket {
  const happened = events.flatMap(instantsOf).toSorted();
  return {
    ...{ key, events: events.length, sha256: firstEvents(events, events.length) },
    ...{ from: happened[0] ?? null, to: happened.at(-1) ?? null },
  };
}

const instantsOf = (event: TicketEvent): readonly string[] =>
  [event.at, "promise" in event ? event.promise?.due : undefined].filter(
    (at): at is string => typeof at === "string" && !Number.isNaN(Date.parse(at)),
  );
