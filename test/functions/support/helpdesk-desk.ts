import { answerHelpdesk } from "../../../functions/support/helpdesk.ts";
import { keptTickets } from "../../../functions/support/tickets.ts";
import type { Fleet } from "../../../lib/sla/fleet.ts";
import { SupportDesk } from "./desk.ts";

export const ISSUER = "https://login.example";
const HELPDESK = { issuer: ISSUER, audience: ["tickets"], scope: "tickets:write" };

/** As API Gateway hands them on. */
export const CLAIMS = { iss: ISSUER, aud: "tickets", scope: "tickets:write", client_id: "desk-7" };

/** A support desk that a helpdesk drives. acme and birch are of the fleet, acme is the customer anna's. */
export class HelpdeskScene extends SupportDesk {
  readonly known: Fleet;
  readonly #desk;

  constructor() {
    super();
    const [acme] = this.fleet.instances;
    if (!acme) throw new Error("no acme");
    this.known = {
      ...this.fleet,
      provider: { ...this.fleet.provider, helpdesk: HELPDESK },
      instances: [
        { ...acme, customers: ["anna"] },
        { ...acme, id: "birch" },
      ],
    };
    const { shelves, clock } = this;
    this.#desk = { fleet: this.known, shelves, tickets: keptTickets(shelves), clock };
  }

  async ask(
    routeKey: string,
    body?: unknown,
    more: {
      readonly id?: string;
      readonly query?: Readonly<Record<string, string>>;
      readonly claims?: Readonly<Record<string, string>>;
    } = {},
  ) {
    const { id, query, claims = CLAIMS } = more;
    const answer = await answerHelpdesk(
      {
        routeKey,
        ...(id !== undefined && { pathParameters: { id } }),
        ...(query && { queryStringParameters: query }),
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
        requestContext: { authorizer: { jwt: { claims } } },
      },
      this.#desk,
    );
    return { status: answer.statusCode, headers: answer.headers, said: JSON.parse(answer.body) };
  }

  open(more: object = {}) {
    return this.ask("POST /tickets", { id: "HD-1", instance: "acme", priority: "P2", ...more });
  }

  reply(more: object = {}) {
    const body = { id: "9001", kind: "person", ...more };
    return this.ask("POST /tickets/{id}/replies", body, { id: "HD-1" });
  }

  close(body: object = {}) {
    return this.ask("POST /tickets/{id}/close", body, { id: "HD-1" });
  }

  prioritise(more: object = {}) {
    const body = { id: "c1", priority: "P1", ...more };
    return this.ask("POST /tickets/{id}/priorities", body, { id: "HD-1" });
  }

  async events(): Promise<readonly { readonly kind: string }[]> {
    return (await this.ask("GET /tickets/{id}", undefined, { id: "HD-1" })).said.events;
  }

  async kinds(): Promise<readonly string[]> {
    return (await this.events()).map(({ kind }) => kind);
  }
}
