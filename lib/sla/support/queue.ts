import { type Standing, type Ticket, ticketAt } from "./ticket.ts";

/** Tickets that are not closed, or all; the one whose reply is due next first, then what nobody waits for any more. */
export function queue(
  tickets: readonly Ticket[],
  { nowMs, all }: { readonly nowMs: number; readonly all: boolean },
): readonly Ticket[] {
  const listed = tickets.flatMap((ticket) => {
    const now = ticketAt(ticket, nowMs);
    return now && (all || now.closedMs === undefined) ? [{ ticket, now }] : [];
  });
  const rank = ({ now }: (typeof listed)[number]) =>
    WAITING.has(now.standing) ? (now.dueMs ?? 0) : Number.MAX_SAFE_INTEGER;
  return listed
    .toSorted((a, b) => rank(a) - rank(b) || a.now.openedMs - b.now.openedMs)
    .map(({ ticket }) => ticket);
}

const WAITING: ReadonlySet<Standing> = new Set(["waiting", "due-soon", "missed"]);
