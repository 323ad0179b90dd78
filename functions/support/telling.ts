import { callsForReply } from "../../lib/sla/on-call.ts";
import type { Support } from "../../lib/sla/service-terms.ts";
import type { Ticket, TicketEvent, TicketNow } from "../../lib/sla/support/ticket.ts";
import { ticketAt } from "../../lib/sla/support/ticket.ts";
import type { Notice } from "../notify/contract.ts";

/** What the provider hears of a ticket, and what remembers that. */
export interface Told {
  readonly notice: Notice;
  readonly event: TicketEvent;
}

/**
 * That a reply is due soon, or was missed: each once for a due instant. Undefined where there is nothing new.
 *
 * @param support what the plan of its instance says now: whether somebody is called for it
 */
export function told(
  ticket: Ticket,
  nowMs: number,
  support: Pick<Support, "callFor"> | undefined,
): Told | undefined {
  const now = ticketAt(ticket, nowMs);
  if (!now || now.dueMs === undefined) return undefined;
  if (now.standing !== "due-soon" && now.standing !== "missed") return undefined;
  const what = now.standing;
  const due = iso(now.dueMs);
  const isKnown = ticket.events.some(
    (event) => event.kind === "told" && event.what === what && event.due === due,
  );
  if (isKnown) return undefined;
  const at = iso(nowMs);
  const event = { id: `told-${what}-${due}`, at, recordedAt: at, by: "sla-tickets" };
  const isCalled = callsForReply(support, now.priority);
  const reply = { ticket: ticket.id, due, before: beforeOf(ticket, due) };
  return {
    notice: { ...noticeOf(ticket, now, { what, due, at }), ...(isCalled && { reply }) },
    event: { kind: "told", what, due, ...event },
  };
}

/** Other instants of which people have heard. */
const beforeOf = ({ events }: Ticket, due: string): readonly string[] => [
  ...new Set(
    events.flatMap((event) => (event.kind === "told" && event.due !== due ? [event.due] : [])),
  ),
];

interface Telling {
  readonly what: "due-soon" | "missed";
  readonly due: string;
  readonly at: string;
}

function noticeOf(
  { instance, id }: Ticket,
  { priority, title, openedMs }: TicketNow,
  { what, due, at }: Telling,
): Notice {
  const common = { instance, at, incident: `ticket-${id}`, occasion: due.replace(/\D/g, "") };
  const ticket = `Ticket ${id}, P${priority}, opened ${iso(openedMs)}: ${title}`;
  const command = `Once somebody has: npx sla ticket reply ${id}`;
  if (what === "missed") {
    return {
      ...{ kind: "reply-missed", ...common },
      lines: [
        ticket,
        `A first reply was promised until ${due}, and no person has answered. It counts as missed.`,
        `Answer it all the same. ${command}`,
        "Runbook: docs/runbook.md#reply-missed",
      ],
    };
  }
  return {
    ...{ kind: "reply-due", ...common },
    lines: [
      ticket,
      `A first reply is promised until ${due}; an automatic one is none.`,
      `Answer it now. ${command}`,
      "Runbook: docs/runbook.md#reply-due",
    ],
  };
}

const iso = (ms: number) => new Date(ms).toISOString();
