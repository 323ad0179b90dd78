import { type Ticket, type TicketNow, ticketAt } from "../../lib/sla/support/ticket.ts";

/** A ticket as machines are shown it. Throws RangeError for one that was never opened. */
export function ticketJson(ticket: Ticket, nowMs: number) {
  const now = nowOf(ticket, nowMs);
  const iso = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());
  return {
    ...{ instance: ticket.instance, id: ticket.id, title: now.title },
    ...{ priority: `P${now.priority}`, standing: now.standing, opened: iso(now.openedMs) },
    ...{ due: iso(now.dueMs), warned: iso(now.warnMs), replied: iso(now.repliedMs) },
    ...{ closed: iso(now.closedMs), hearsay: now.isHearsay, lowered: now.isLowered },
    events: ticket.events,
  };
}

/** Throws RangeError if it was never opened. */
export function nowOf(ticket: Ticket, nowMs: number): TicketNow {
  const now = ticketAt(ticket, nowMs);
  if (now) return now;
  throw new RangeError(`${ticket.id} of ${ticket.instance} was never opened`);
}
