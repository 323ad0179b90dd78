import type { Fleet, Instance } from "../../lib/sla/fleet.ts";
import { helpdeskIn } from "../../lib/sla/support/helpdesk.ts";
import { queue } from "../../lib/sla/support/queue.ts";
import type { Ticket } from "../../lib/sla/support/ticket.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { type ApiAnswer, type ApiRequest, claimsOf, jsonAnswer } from "../kernel/http-api.ts";
import { type HelpdeskRoute, TICKET_ID } from "./contract.ts";
import { judge } from "./helpdesk-judge.ts";
import { badRequest, conflict, NOT_FOUND, STRANGER } from "./helpdesk-refusals.ts";
import { type Act, type Wish, wishOf } from "./helpdesk-wish.ts";
import { sayOf, type Written } from "./say.ts";
import { ticketJson } from "./ticket-json.ts";
import { instancesWith, type Kept, readTicket, type TicketShelf } from "./tickets.ts";

export interface HelpdeskDesk {
  readonly fleet: Fleet;
  readonly shelves: readonly TicketShelf[];
  /** All tickets. */
  readonly tickets: () => Promise<Kept<readonly Ticket[]>>;
  readonly clock: Clock;
}

/** Answers the provider's helpdesk about tickets, and nobody else. Rejects where no ledger that keeps tickets answers. */
export async function answerHelpdesk(request: ApiRequest, desk: HelpdeskDesk): Promise<ApiAnswer> {
  const by = helpdeskIn(claimsOf(request), desk.fleet);
  if (by === undefined) return STRANGER;
  if (!isAnswered(request.routeKey)) return NOT_FOUND;
  return await ANSWERS[request.routeKey]({ request, desk, by });
}

interface Asked {
  readonly request: ApiRequest;
  readonly desk: HelpdeskDesk;
  /** As the ledger names the helpdesk. */
  readonly by: string;
}
type Answer = (asked: Asked) => Promise<ApiAnswer>;

const LISTED = 1000;

const list: Answer = async ({ request: { queryStringParameters = {} }, desk }) => {
  if (!Object.hasOwn(queryStringParameters, "open")) {
    return badRequest({ place: "open", allowed: "GET /tickets?open: those that are not closed" });
  }
  const nowMs = desk.clock.now().getTime();
  const { value, silent } = await desk.tickets();
  const open = queue(value, { nowMs, all: false });
  const tickets = open.slice(0, LISTED).map((ticket) => {
    const { events: _, ...rest } = ticketJson(ticket, nowMs);
    return rest;
  });
  return jsonAnswer(200, { tickets, more: open.length - tickets.length, silent });
};

const show: Answer = async (asked) => {
  const found = await foundFor(asked, asked.request.queryStringParameters?.["instance"]);
  return "answer" in found ? found.answer : shown(200, asked, found);
};

const open: Answer = async (asked) => {
  const { request, desk } = asked;
  const wish = wishOf("open", request);
  if ("mistake" in wish) return badRequest(wish.mistake);
  const { fleet, shelves } = desk;
  const instance = fleet.instances.find(({ id }) => id === wish.instance);
  if (!instance) {
    const allowed = "the id of an instance of the fleet";
    return badRequest({ place: "instance", value: wish.instance ?? "", allowed });
  }
  const id = wish.name;
  const others = (await instancesWith(shelves, id)).filter((each) => each !== instance.id);
  if (others.length > 0) return conflict(`id: ${id} is a ticket of ${others.join(" and ")}`);
  const { value: ticket, silent } = await readTicket(shelves, { instance: instance.id, id });
  return write(asked, { act: "open", wish, instance, id, ticket, silent });
};

const tell =
  (act: Exclude<Act, "open">): Answer =>
  async (asked) => {
    const wish = wishOf(act, asked.request);
    if ("mistake" in wish) return badRequest(wish.mistake);
    const found = await foundFor(asked, wish.instance);
    if ("answer" in found) return found.answer;
    const { ticket, silent } = found;
    const instance = asked.desk.fleet.instances.find(({ id }) => id === ticket.instance);
    if (!instance) return conflict(`instance: ${ticket.instance} is none of the fleet any more`);
    return write(asked, { act, wish, instance, id: ticket.id, ticket, silent });
  };

interface Writing {
  readonly act: Act;
  readonly wish: Wish;
  readonly instance: Instance;
  readonly id: string;
  readonly ticket: Ticket | undefined;
  readonly silent: readonly string[];
}

async function write(asked: Asked, writing: Writing): Promise<ApiAnswer> {
  const { act, wish, instance, id, ticket, silent } = writing;
  const { desk, by } = asked;
  const judged = judge(act, wish, ticket, desk.clock.now().getTime());
  if (judged.kind === "mistake") return badRequest(judged.mistake);
  if (judged.kind === "conflict") return conflict(judged.message);
  if (judged.kind === "again" && ticket) return shown(200, asked, { ticket, silent });
  if (judged.kind === "again") return NOT_FOUND;
  try {
    return shown(201, asked, await sayOf(desk, instance, id, { ...judged.saying, by }));
  } catch (cause) {
    // Another request was faster.
    if (cause instanceof SlaError && cause.code === "BadTicket") return conflict(cause.message);
    throw cause;
  }
}

type Found = Written | { readonly answer: ApiAnswer };

/** The ticket that the path names; which of several of one name is said by its instance. */
async function foundFor({ request, desk }: Asked, instance: string | undefined): Promise<Found> {
  const { id = "" } = request.pathParameters ?? {};
  if (!TICKET_ID.test(id)) return { answer: NOT_FOUND };
  const named = await instancesWith(desk.shelves, id);
  const [only, ...more] = named.filter((each) => instance === undefined || each === instance);
  if (only === undefined) return { answer: NOT_FOUND };
  if (more.length > 0) {
    const allowed = `one of ${named.join(", ")}: several have a ticket ${id}`;
    return { answer: badRequest({ place: "instance", allowed }) };
  }
  const { value: ticket, silent } = await readTicket(desk.shelves, { instance: only, id });
  return ticket ? { ticket, silent } : { answer: NOT_FOUND };
}

function shown(status: 200 | 201, { desk }: Asked, { ticket, silent }: Written): ApiAnswer {
  const body = { ...ticketJson(ticket, desk.clock.now().getTime()), silent };
  return jsonAnswer(status, body, { location: `/tickets/${ticket.id}` });
}

const ANSWERS: Readonly<Record<HelpdeskRoute, Answer>> = {
  "GET /tickets": list,
  "GET /tickets/{id}": show,
  "POST /tickets": open,
  "POST /tickets/{id}/replies": tell("reply"),
  "POST /tickets/{id}/priorities": tell("prioritise"),
  "POST /tickets/{id}/close": tell("close"),
};

const isAnswered = (routeKey: string): routeKey is HelpdeskRoute =>
  Object.hasOwn(ANSWERS, routeKey);
