import type { Standing, Ticket, TicketNow } from "../sla/support/ticket.ts";
import { ticketAt } from "../sla/support/ticket.ts";
import { hanging } from "./hanging.ts";
import { localTime } from "./local-time.ts";

const WORDS: Readonly<Record<Standing, string>> = {
  unpromised: "no reply promised",
  waiting: "waits for a reply",
  "due-soon": "REPLY DUE SOON",
  missed: "REPLY MISSED",
  "in-time": "answered in time",
  late: "ANSWERED TOO LATE",
  withdrawn: "closed before it was due",
};

interface Looking {
  readonly nowMs: number;
  /** IANA name. */
  readonly timezone: string;
}

/** A ticket for people, at most 80 columns wide. Throws RangeError for one that was never opened. */
export function ticketLines(ticket: Ticket, { nowMs, timezone }: Looking): readonly string[] {
  const now = nowOf(ticket, nowMs);
  const time = (ms: number) => localTime(timezone)(new Date(ms).toISOString());
  const closed = now.closedMs === undefined ? "" : `, closed ${time(now.closedMs)}`;
  const due = now.dueMs === undefined ? "" : `, reply until ${time(now.dueMs)}`;
  const replied = now.repliedMs === undefined ? "" : `, answered ${time(now.repliedMs)}`;
  return [
    ...hanging(`${ticket.id}  `, `P${now.priority} of ${ticket.instance}: ${WORDS[now.standing]}`),
    ...hanging("    ", now.title),
    ...hanging("    ", `opened ${time(now.openedMs)}${due}${replied}${closed}`),
    ...(now.isHearsay ? ["    that it was answered was recorded only when it was late"] : []),
    ...(now.isLowered ? ["    made less urgent before anybody had answered"] : []),
  ];
}

/** What `--json` prints of a ticket. */
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

function nowOf(ticket: Ticket, nowMs: number): TicketNow {
  const now = ticketAt(ticket, nowMs);
  if (now) return now;
  throw new RangeError(`${ticket.id} of ${ticket.instance} was never opened`);
}
