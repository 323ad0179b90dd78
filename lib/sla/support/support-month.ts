import { type Ticket, type TicketNow, ticketAt } from "./ticket.ts";

/** What became of the tickets that were opened within a span. */
export interface SupportMonth {
  readonly tickets: number;
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

/** Judged as things stand at `nowMs`. */
export function supportOf(
  { fromMs, toMs }: Span,
  tickets: readonly Ticket[],
  nowMs: number,
): SupportMonth {
  const known = tickets.flatMap((ticket) => {
    const now = ticketAt(ticket, nowMs);
    return now && now.openedMs >= fromMs && now.openedMs < toMs ? [{ ticket, now }] : [];
  });
  const count = (holds: (now: TicketNow) => boolean) =>
    known.filter(({ now }) => holds(now)).length;
  const late = known
    .filter(({ now }) => isMissed(now))
    .map(({ ticket: { id }, now }) => ({ ticket: id, lateMinutes: lateMinutes(now, nowMs) }))
    .toSorted((a, b) => b.lateMinutes - a.lateMinutes);
  return {
    tickets: known.length,
    promised: count(({ standing }) => standing !== "unpromised"),
    inTime: count(({ standing }) => standing === "in-time"),
    missed: late.length,
    waiting: count(({ standing }) => standing === "waiting" || standing === "due-soon"),
    withdrawn: count(({ standing }) => standing === "withdrawn"),
    hearsay: count(({ isHearsay }) => isHearsay),
    lowered: count(({ isLowered }) => isLowered),
    worst: late[0] ?? null,
  };
}

const isMissed = ({ standing }: TicketNow) => standing === "missed" || standing === "late";

const lateMinutes = ({ dueMs = 0, repliedMs, closedMs }: TicketNow, nowMs: number) =>
  Math.ceil(((repliedMs ?? closedMs ?? nowMs) - dueMs) / 60_000);
