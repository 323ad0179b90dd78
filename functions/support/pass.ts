import type { Fleet } from "../../lib/sla/fleet.ts";
import type { Ticket } from "../../lib/sla/support/ticket.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { inLanes } from "../kernel/lanes.ts";
import { prefixes } from "../ledger/contract.ts";
import { keptReader } from "../ledger/fleet.ts";
import type { NotifyRequest } from "../notify/contract.ts";
import { told } from "./telling.ts";
import { add, merged, type TicketShelf } from "./tickets.ts";

export interface Messenger {
  notify(request: NotifyRequest): Promise<void>;
}

export interface Office {
  readonly fleet: Pick<Fleet, "instances" | "plans">;
  readonly shelves: readonly TicketShelf[];
  readonly messenger: Messenger;
  readonly clock: Clock;
}

export interface PassReport {
  readonly tickets: number;
  readonly told: readonly string[];
  /** Events that a shelf had missed, and has now. */
  readonly healed: number;
  /** Shelves that did not answer. */
  readonly silent: readonly string[];
}

const LANES = 16;

/**
 * Looks at all tickets every minute; reads again only what has changed. It tells first and remembers then: twice told is better than
 * forgotten, and mails that left are known.
 */
export function ticketPass({
  fleet,
  shelves,
  messenger,
  clock,
}: Office): () => Promise<PassReport> {
  const readers = shelves.map((shelf) => ({
    ...shelf,
    all: keptReader<Ticket>(shelf.ledger, prefixes.tickets()),
  }));
  const planOf = new Map(fleet.instances.map(({ id, plan }) => [id, fleet.plans[plan]]));
  return async () => {
    const read = await Promise.allSettled(readers.map(({ all }) => all()));
    const known = read.flatMap((each, index) => {
      const shelf = shelves[index];
      return each.status === "fulfilled" && shelf ? [{ shelf, tickets: each.value }] : [];
    });
    const tickets = merged(known.flatMap((each) => each.tickets));
    const nowMs = clock.now().getTime();
    const news = tickets.flatMap((ticket) => {
      const found = told(ticket, nowMs, planOf.get(ticket.instance)?.support);
      return found ? [{ ticket, ...found }] : [];
    });
    if (news.length > 0) await messenger.notify({ notices: news.map(({ notice }) => notice) });
    for (const { shelf } of known) {
      await inLanes(LANES, news, ({ ticket, event }) => add(shelf.ledger, ticket, [event]));
    }
    // Last: a ledger that answers and takes nothing must not keep anybody from being told.
    const healed = await inLanes(LANES, known, (each) => heal(each, tickets));
    return {
      tickets: tickets.length,
      told: news.map(({ notice }) => `${notice.kind} ${notice.instance} ${notice.incident}`),
      healed: healed.reduce((sum, each) => sum + each, 0),
      silent: shelves.flatMap(({ region }, index) =>
        read[index]?.status === "rejected" ? [region] : [],
      ),
    };
  };
}

interface Known {
  readonly shelf: TicketShelf;
  readonly tickets: readonly Ticket[];
}

/** Gives a shelf what the other one knows. Answers how many events that were. */
async function heal({ shelf, tickets }: Known, all: readonly Ticket[]): Promise<number> {
  const nameOf = ({ instance, id }: Ticket) => `${instance}/${id}`;
  const here = new Map(tickets.map((ticket) => [nameOf(ticket), ticket.events.length]));
  const behind = all.filter((each) => (here.get(nameOf(each)) ?? 0) < each.events.length);
  await inLanes(LANES, behind, (ticket) => add(shelf.ledger, ticket, ticket.events));
  return behind.reduce((sum, each) => sum + each.events.length - (here.get(nameOf(each)) ?? 0), 0);
}

/** Alarms count errors: of two shelves one is enough to tell in time. */
export function someAnswered(report: PassReport, shelves: number): PassReport {
  if (report.silent.length < shelves) return report;
  const message = `no ledger that keeps tickets answers: ${report.silent.join(", ")}`;
  throw new SlaError("CloudUnreachable", "cloud", message);
}
