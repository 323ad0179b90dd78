import { type Ticket, type TicketNow, ticketAt } from "./ticket.ts";

/** What became of the tickets that were opened within a span, and of those that waited when it began. */
export interface SupportMonth {
  readonly tickets: number;
  /** Of them: opened before, and not settled in a span before this one. */
  readonly carriedOver: number;
  /** For which a reply was promised: the next four make it up. */
  readonly promised: number;
  readonly inTime: number;
  /** Answered late, or due and not answered. */
  readonly missed: number;
  /** Not answered and not due. */
  readonly waiting: number;
  /** Closed before it was due, unanswered. */
  readonly withdrawn: number;
  /** Of those in time: we heard of the reply only when it was late. */
  readonly hearsay: number;
  /** Made less urgent before anybody had answered. */
  readonly lowered: number;
  /** The ticket that was missed by most, and by how many minutes, begun ones counted. */
  readonly worst: { readonly ticket: string; readonly lateMinutes: number } | null;
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** When tickets are judged, in ms. */
interface Judging {
  /** As things stood then. */
  readonly atMs: number;
  /** So long what happened may have taken to be recorded; what came later is not known. */
  readonly graceMs: number;
}

/**
 * Who waits at the end of a span is counted in the next one, too, until there is something to say: so no reply that is
 * missed falls between two spans, and nothing said later changes one that is settled.
 */
export function supportOf(
  { fromMs, toMs }: Span,
  tickets: readonly Ticket[],
  { atMs, graceMs }: Judging,
): SupportMonth {
  const at = (ticket: Ticket, ms: number) => ticketAt(recordedBy(ticket, ms + graceMs), ms);
  const known = tickets.flatMap((ticket) => {
    const now = at(ticket, atMs);
    if (!now || now.openedMs >= toMs) return [];
    const isCarried = now.openedMs < fromMs;
    const before = isCarried ? at(ticket, fromMs) : undefined;
    // Nobody had heard of one that was recorded late: no span has counted it.
    return before && !isOpen(before) ? [] : [{ ticket, now, isCarried }];
  });
  const count = (holds: (now: TicketNow) => boolean) =>
    known.filter(({ now }) => holds(now)).length;
  const late = known
    .filter(({ now }) => isMissed(now))
    .map(({ ticket: { id }, now }) => ({ ticket: id, lateMinutes: lateMinutes(now, atMs) }))
    .toSorted((a, b) => b.lateMinutes - a.lateMinutes);
  return {
    tickets: known.length,
    carriedOver: known.filter(({ isCarried }) => isCarried).length,
    promised: count(({ standing }) => standing !== "unpromised"),
    inTime: count(({ standing }) => standing === "in-time"),
    missed: late.length,
    waiting: count(isOpen),
    withdrawn: count(({ standing }) => standing === "withdrawn"),
    hearsay: count(({ isHearsay }) => isHearsay),
    lowered: count(({ isLowered }) => isLowered),
    worst: late[0] ?? null,
  };
}

/** Events of later days are no part of what was known. */
const recordedBy = ({ events }: Ticket, ms: number): Pick<Ticket, "events"> => ({
  events: events.filter(({ recordedAt }) => Date.parse(recordedAt) < ms),
});

const isOpen = ({ standing }: TicketNow): boolean =>
  standing === "waiting" || standing === "due-soon";

const isMissed = ({ standing }: TicketNow) => standing === "missed" || standing === "late";

const lateMinutes = ({ dueMs = 0, repliedMs, closedMs }: TicketNow, nowMs: number) =>
  Math.ceil(((repliedMs ?? closedMs ?? nowMs) - dueMs) / 60_000);
