import { holidaysOf, timezoneOf } from "../../lib/sla/books/timezone.ts";
import type { Fleet, Instance } from "../../lib/sla/fleet.ts";
import type { Priority } from "../../lib/sla/service-terms.ts";
import { publicHolidays } from "../../lib/sla/support/holidays.ts";
import { replyDue } from "../../lib/sla/support/reply-clock.ts";
import { type Ticket, type TicketEvent, ticketAt } from "../../lib/sla/support/ticket.ts";
import { SlaError } from "../kernel/errors.ts";
import { readTicket, recordEvent, type TicketName, type TicketShelf } from "./tickets.ts";

/** What somebody says of a ticket. */
export type Said =
  | {
      readonly kind: "opened";
      readonly title: string;
      readonly priority: Priority;
      readonly isPaged: boolean;
    }
  | {
      readonly kind: "prioritised";
      readonly reason: string;
      readonly priority: Priority;
      readonly isPaged: boolean;
    }
  | { readonly kind: "acknowledged" }
  | { readonly kind: "replied" }
  | { readonly kind: "closed"; readonly reason?: string };

export interface Saying {
  readonly said: Said;
  /** When it happened, in ms; as `nowMs` where nobody says anything else. */
  readonly atMs: number;
  readonly nowMs: number;
  readonly by: string;
  /** Unlike that of any other event. */
  readonly event: string;
}

export interface Desk {
  readonly fleet: Pick<Fleet, "plans" | "provider">;
  readonly shelves: readonly TicketShelf[];
}

export interface Written {
  readonly ticket: Ticket;
  /** Regions that could not be told yet. */
  readonly silent: readonly string[];
}

/**
 * Records what was said of a ticket, with what it means for its clock. Saying again that the same ticket was opened at the same time, or at no time in
 * particular, changes nothing. Rejects with `BadTicket` (the operator's) where it contradicts what is known.
 */
export async function sayOf(
  desk: Desk,
  instance: Instance,
  id: string,
  saying: Saying,
): Promise<Written> {
  const name = { instance: instance.id, id };
  const { value: ticket, silent } = await readTicket(desk.shelves, name);
  if (ticket && isSaidAgain(ticket, saying)) return { ticket, silent };
  refuse(name, ticket, saying);
  const event = eventOf(desk, instance, ticket, saying);
  const recorded = await recordEvent(desk.shelves, name, event);
  return {
    ticket: { ...name, events: [...(ticket?.events ?? []), event] },
    silent: recorded.silent,
  };
}

/** Whoever did not hear our answer asks once more. */
function isSaidAgain({ events }: Ticket, { said, atMs, nowMs, event }: Saying): boolean {
  if (events.some(({ id }) => id === event)) return true;
  const opened = events.find(({ kind }) => kind === "opened");
  return (
    said.kind === "opened" &&
    opened?.kind === "opened" &&
    opened.title === said.title &&
    opened.priority === said.priority &&
    (opened.isPaged === true) === said.isPaged &&
    (atMs === nowMs || atMs === Date.parse(opened.at))
  );
}

function refuse(name: TicketName, ticket: Ticket | undefined, saying: Saying): void {
  const { said, atMs, nowMs } = saying;
  const what = `ticket ${name.id} of ${name.instance}`;
  if (atMs > nowMs) throw bad(`${what}: ${iso(atMs)} is still to come: say when it happened`);
  const now = ticket && ticketAt(ticket, nowMs);
  if (said.kind === "opened") {
    const opened = ticket?.events.find((each) => each.kind === "opened");
    if (opened) throw bad(`${what} is there already, ${openedWords(opened)}: choose another id`);
    return;
  }
  if (!now) throw bad(`there is no ${what}: sla ticket list shows those there are`);
  if (atMs < now.openedMs) {
    throw bad(`${what} was opened ${iso(now.openedMs)}: ${iso(atMs)} lies before it`);
  }
  if (said.kind === "closed" && now.repliedMs === undefined && said.reason === undefined) {
    throw bad(`${what} has no reply yet: say with --reason why it is closed without one`);
  }
}

/** `opened 2026-06-02T07:00:00.000Z as P2 with paging` */
const openedWords = ({ at, priority, isPaged }: TicketEvent & { readonly kind: "opened" }) =>
  `opened ${at} as P${priority}${isPaged ? " with paging" : ""}`;

/** The order of keys is that of the record. */
function eventOf(
  { fleet }: Desk,
  instance: Instance,
  ticket: Ticket | undefined,
  { said, atMs, nowMs, by, event }: Saying,
): TicketEvent {
  const common = { id: event, at: iso(atMs), recordedAt: iso(nowMs), by };
  if (said.kind !== "opened" && said.kind !== "prioritised") return { ...said, ...common };
  const { isPaged, ...rest } = said;
  const fromMs = clockStart(said.priority, ticket, { atMs, nowMs });
  const due = replyDue(
    { fromMs, priority: said.priority, isPaged },
    fleet.plans[instance.plan]?.support,
    { timezone: timezoneOf(instance, fleet), holidays: holidaysOf(instance, fleet) },
    publicHolidays,
  );
  return {
    ...{ ...rest, ...common, ...(isPaged && { isPaged }) },
    ...(due && { promise: { due: iso(due.dueMs), warn: iso(due.warnMs) } }),
  };
}

/** What is less urgent than it seemed always was; what has got worse is urgent from now on. */
function clockStart(
  priority: Priority,
  ticket: Ticket | undefined,
  { atMs, nowMs }: Pick<Saying, "atMs" | "nowMs">,
): number {
  const now = ticket && ticketAt(ticket, nowMs);
  return now && priority > now.priority ? now.openedMs : atMs;
}

const iso = (ms: number) => new Date(ms).toISOString();

const bad = (message: string) => new SlaError("BadTicket", "operator", message);
