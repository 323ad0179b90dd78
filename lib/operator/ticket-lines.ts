import { nowOf } from "../../functions/support/ticket-json.ts";
import type { Standing, Ticket } from "../sla/support/ticket.ts";
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
