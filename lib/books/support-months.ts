import { keys, prefixes } from "../../functions/ledger/contract.ts";
import { recordsBelow } from "../../functions/ledger/records.ts";
import type { Shelf } from "../../functions/report/answering.ts";
import { SETTLING_MINUTES } from "../../functions/report/contract.ts";
import { merged } from "../../functions/support/tickets.ts";
import type { Span } from "../sla/books/month.ts";
import type { Instance } from "../sla/fleet.ts";
import type { Plan } from "../sla/plan.ts";
import { type SupportMonth, supportOf } from "../sla/support/support-month.ts";
import type { Ticket } from "../sla/support/ticket.ts";
import { promisesReplies } from "../sla/support/ticket-sites.ts";

interface Asked {
  readonly plan: Plan;
  readonly span: Span;
  /** Tickets are judged as they stand then, or when the span is over. */
  readonly nowMs: number;
}

interface OwnSupport {
  readonly support?: SupportMonth;
  /** Keys of tickets that nobody can read, or that lie under another's key. */
  readonly unreadable: readonly string[];
}

/** What became of one instance's tickets of a span, from all copies of them. Rejects if a shelf does not answer. */
export async function supportOfOne(
  shelves: readonly Shelf[],
  { id }: Pick<Instance, "id">,
  { plan, span, nowMs }: Asked,
): Promise<OwnSupport> {
  if (!promisesReplies(plan)) return { unreadable: [] };
  const below = prefixes.tickets(id);
  const found = await Promise.all(shelves.map((shelf) => recordsBelow(shelf, below)));
  const unreadable = new Set<string>();
  const copies = found.flat().flatMap(({ key, value }) => {
    if (isTicketAt(key, value)) return [value];
    unreadable.add(key);
    return [];
  });
  const judging = { atMs: Math.min(span.toMs, nowMs), graceMs: SETTLING_MINUTES * 60_000 };
  return { support: supportOf(span, merged(copies), judging), unreadable: [...unreadable] };
}

function isTicketAt(key: string, value: unknown): value is Ticket {
  const { instance, id, events } = (value ?? {}) as Partial<Ticket>;
  if (instance === undefined || id === undefined || !Array.isArray(events)) return false;
  return keys.ticket(instance, id) === key;
}

/** In one line. */
export function supportWords(found: SupportMonth): string {
  const { tickets, promised, inTime, missed, worst } = found;
  if (tickets === 0) return "no tickets";
  const late = worst ? `${missed} MISSED (${worst.ticket} by ${worst.lateMinutes} min)` : "";
  const others = [
    [found.carriedOver, "from before"],
    [found.waiting, "not due yet"],
    [found.withdrawn, "withdrawn"],
    [found.hearsay, "recorded too late"],
    [found.lowered, "made less urgent"],
  ] as const;
  return [
    `${tickets} ticket${tickets === 1 ? "" : "s"}, replies promised to ${promised}`,
    `${inTime} in time`,
    late || "none missed",
    ...others.flatMap(([count, words]) => (count > 0 ? [`${count} ${words}`] : [])),
  ].join(", ");
}
