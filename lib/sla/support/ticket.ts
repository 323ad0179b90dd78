import type { Priority } from "../service-terms.ts";

/** `tickets/<instance>/<id>.json`: what happened to a request for support. Nothing is taken out of it again. */
export interface Ticket {
  readonly instance: string;
  /** The helpdesk's own name for it, or ours. */
  readonly id: string;
  /** In the order in which they were recorded. */
  readonly events: readonly TicketEvent[];
}

export type TicketEvent = Recorded &
  (
    | ({ readonly kind: "opened"; readonly title: string } & Prioritised)
    | ({ readonly kind: "prioritised"; readonly reason: string } & Prioritised)
    /** By a machine: stops no clock. */
    | { readonly kind: "acknowledged" }
    | { readonly kind: "replied" }
    /** Without a reply before it there is a reason. */
    | { readonly kind: "closed"; readonly reason?: string }
    | { readonly kind: "told"; readonly what: "due-soon" | "missed"; readonly due: string }
  );

interface Recorded {
  /** Tells a repeat from something new. */
  readonly id: string;
  /** When it happened and when we heard of it, ISO 8601. */
  readonly at: string;
  readonly recordedAt: string;
  readonly by: string;
}

interface Prioritised {
  readonly priority: Priority;
  /** On-call paging was asked for. */
  readonly isPaged?: true;
  /** By what was sold then; absent: nothing was promised. ISO 8601. */
  readonly promise?: { readonly due: string; readonly warn: string };
}

/**
 * `unpromised`: no reply was sold · `waiting`, `due-soon`, `missed`: nobody has answered yet · `in-time`, `late`: somebody has ·
 * `withdrawn`: closed before it was due, unanswered.
 */
export type Standing =
  | "unpromised"
  | "waiting"
  | "due-soon"
  | "missed"
  | "in-time"
  | "late"
  | "withdrawn";

/** Where a ticket stands; instants in ms. */
export interface TicketNow {
  readonly standing: Standing;
  readonly title: string;
  readonly openedMs: number;
  readonly priority: Priority;
  readonly dueMs?: number;
  readonly warnMs?: number;
  readonly repliedMs?: number;
  readonly closedMs?: number;
  /** A reply in time that we heard of only when it was late. */
  readonly isHearsay: boolean;
  /** Made less urgent before anybody had answered. */
  readonly isLowered: boolean;
}

/** Undefined if it was never opened, or not yet at that instant. */
export function ticketAt({ events }: Pick<Ticket, "events">, nowMs: number): TicketNow | undefined {
  const past = inOrder(events).filter(({ at }) => Date.parse(at) <= nowMs);
  const opened = events.find(isOpening);
  if (!opened || Date.parse(opened.at) > nowMs) return undefined;
  const replied = past.find(({ kind }) => kind === "replied");
  const closed = past.find(({ kind }) => kind === "closed");
  const answeredMs = replied && Date.parse(replied.at);
  const closedMs = closed && Date.parse(closed.at);
  const endMs = Math.min(answeredMs ?? nowMs, closedMs ?? nowMs);
  const clock = clockAt(opened, past, endMs);
  const { dueMs } = clock;
  const heardClosedMs = closed && Date.parse(closed.recordedAt);
  const standing = standingOf(clock, { answeredMs, heardClosedMs, nowMs });
  return {
    ...{ standing, title: opened.title, openedMs: Date.parse(opened.at), ...clock },
    ...(answeredMs !== undefined && { repliedMs: answeredMs }),
    ...(closedMs !== undefined && { closedMs }),
    isHearsay:
      standing === "in-time" &&
      dueMs !== undefined &&
      replied !== undefined &&
      Date.parse(replied.recordedAt) > dueMs,
  };
}

/** By when they happened, however late they were recorded. */
const inOrder = (events: readonly TicketEvent[]) =>
  events.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));

type Clock = Pick<TicketNow, "priority" | "dueMs" | "warnMs" | "isLowered">;

type Opening = Extract<TicketEvent, { readonly kind: "opened" }>;

const isOpening = (event: TicketEvent): event is Opening => event.kind === "opened";

/**
 * What was due until then.
 *
 * @param opened the opening that was recorded first: of any further one nobody knows but by whoever owes the reply
 * @param past in the order in which they happened
 */
function clockAt(opened: Opening, past: readonly TicketEvent[], endMs: number): Clock {
  const until = past.filter(({ at }) => Date.parse(at) <= endMs);
  let clock: Clock = { ...promiseOf(opened), isLowered: false };
  for (const event of until.filter(isOpening)) clock = reopened(clock, event);
  for (const event of until) {
    const isSince = Date.parse(event.at) >= Date.parse(opened.at);
    if (event.kind === "prioritised" && isSince) clock = reprioritised(clock, event);
  }
  return clock;
}

/** Opened once more, or at once in two ledgers: that never moves it later, whenever it is said to have been. */
function reopened(clock: Clock, event: Opening): Clock {
  const next = promiseOf(event);
  const isEarlier =
    (next.dueMs ?? Number.POSITIVE_INFINITY) < (clock.dueMs ?? Number.POSITIVE_INFINITY);
  const isLower = event.priority > clock.priority;
  return { ...(isEarlier ? next : clock), isLowered: clock.isLowered || isLower };
}

/** More urgent never moves it later. What was missed when we heard that it is less urgent stays missed, whenever that is said to have been. */
function reprioritised(clock: Clock, event: TicketEvent & Prioritised): Clock {
  const next = promiseOf(event);
  const isLower = event.priority > clock.priority;
  const fromMs = isLower ? Date.parse(event.recordedAt) : (next.dueMs ?? Number.POSITIVE_INFINITY);
  const isKept = clock.dueMs !== undefined && clock.dueMs < fromMs;
  return {
    ...(isKept ? clock : next),
    ...{ priority: event.priority, isLowered: clock.isLowered || isLower },
  };
}

const promiseOf = ({
  priority,
  promise,
}: Prioritised): Pick<TicketNow, "priority" | "dueMs" | "warnMs"> => ({
  priority,
  ...(promise && { dueMs: Date.parse(promise.due), warnMs: Date.parse(promise.warn) }),
});

interface Ends {
  readonly answeredMs: number | undefined;
  /** When it was recorded that it is closed. */
  readonly heardClosedMs: number | undefined;
  readonly nowMs: number;
}

/** To the instant at which it is due is in time. */
function standingOf(
  { dueMs, warnMs }: Clock,
  { answeredMs, heardClosedMs, nowMs }: Ends,
): Standing {
  if (dueMs === undefined || warnMs === undefined) return "unpromised";
  if (answeredMs !== undefined) return answeredMs <= dueMs ? "in-time" : "late";
  if (heardClosedMs !== undefined && heardClosedMs <= dueMs) return "withdrawn";
  if (nowMs > dueMs) return "missed";
  return nowMs >= warnMs ? "due-soon" : "waiting";
}
