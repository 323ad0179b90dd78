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
  readonly span: Span;
  /** In ms: tickets are judged as they stand then, or when the span is over. */
  readonly now: () => number;
}

export interface SupportMonths {
  /** Of the instances that were sold replies. */
  readonly byInstance: ReadonlyMap<string, SupportMonth>;
  /** Keys of tickets that nobody can read, or that lie under another's key. */
  readonly unreadable: readonly string[];
}

/** What became of the tickets of a span, from all copies of them. Rejects if a shelf does not answer. */
export async function supportMonths(
  shelves: readonly Shelf[],
  sold: readonly { readonly instance: Pick<Instance, "id">; readonly plan: Plan }[],
  { span, now }: Asked,
): Promise<SupportMonths> {
  const promised = sold.filter(({ plan }) => promisesReplies(plan));
  const judging = { atMs: Math.min(span.toMs, now()), graceMs: SETTLING_MINUTES * 60_000 };
  const unreadable = new Set<string>();
  const byInstance = new Map<string, SupportMonth>();
  for (const { instance } of promised) {
    const below = prefixes.tickets(instance.id);
    const found = await Promise.all(shelves.map((shelf) => recordsBelow(shelf, below)));
    const copies = found.flat().flatMap(({ key, value }) => {
      if (isTicketAt(key, value)) return [value];
      unreadable.add(key);
      return [];
    });
    byInstance.set(instance.id, supportOf(span, merged(copies), judging));
  }
  return { byInstance, unreadable: [...unreadable] };
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
