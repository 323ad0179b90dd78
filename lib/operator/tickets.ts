import { TICKET_ID } from "../../functions/support/contract.ts";
import { type Said, sayOf, type Written } from "../../functions/support/say.ts";
import {
  instancesWith,
  type Kept,
  readTickets,
  type TicketShelf,
} from "../../functions/support/tickets.ts";
import { UserError } from "../cli/user-error.ts";
import type { Instance } from "../sla/fleet.ts";
import { PRIORITIES, type Priority } from "../sla/service-terms.ts";
import { queue } from "../sla/support/queue.ts";
import type { Ticket } from "../sla/support/ticket.ts";
import { ticketSites } from "../sla/support/ticket-sites.ts";
import type { Access } from "./access.ts";
import { instantMs, whyNoInstant } from "./instant.ts";

type Desk = Pick<Access, "fleet" | "ledgers" | "clock" | "caller">;

export const shelvesOf = ({ fleet, ledgers }: Pick<Desk, "fleet" | "ledgers">) =>
  ticketSites(fleet).map((region): TicketShelf => ({ region, ledger: ledgers(region) }));

/** `P2`, or `2`. Throws UserError. */
export function parsePriority(text: string): Priority {
  const found = PRIORITIES.find((each) => text.toUpperCase() === `P${each}` || text === `${each}`);
  if (found) return found;
  throw new UserError(`--priority: '${text}': expected P1, the most urgent, to P4`);
}

/** Throws UserError. */
export function parseTicketId(text: string): string {
  if (TICKET_ID.test(text)) return text;
  throw new UserError(
    `'${text}' is no ticket: expected up to 63 letters, digits, dots, dashes and underscores, like HD-1742`,
  );
}

const LONGEST_TITLE = 200;

/** Throws UserError. */
export function parseTitle(text: string): string {
  const title = text.trim();
  const isPlain = /^[^\p{Cc}\p{Cf}]+$/u.test(title);
  if (isPlain && title.length <= LONGEST_TITLE) return title;
  throw new UserError(`--title: expected one line of 1 to ${LONGEST_TITLE} characters`);
}

export interface Telling {
  readonly said: Said;
  /** As the person wrote it; absent: now. */
  readonly at?: string | undefined;
  /** Who opened or answered it; absent: whose credentials these are. */
  readonly by?: string | undefined;
  /** Unlike that of any other event. */
  readonly event: string;
}

/** Rejects with a UserError, or `BadTicket`, where it cannot be so. */
export async function tell(
  desk: Desk,
  instance: Instance,
  id: string,
  { said, at, by, event }: Telling,
): Promise<Written> {
  const { fleet, clock, caller } = desk;
  const nowMs = clock.now().getTime();
  const atMs = at === undefined ? nowMs : parseAt(at, fleet.provider.timezone);
  const saying = { said, atMs, nowMs, event, by: by ?? caller };
  return await sayOf({ fleet, shelves: shelvesOf(desk) }, instance, id, saying);
}

function parseAt(text: string, timezone: string): number {
  const ms = instantMs(text);
  if (ms !== undefined) return ms;
  throw new UserError(`--at: ${whyNoInstant(text, timezone)}`);
}

/** The one instance that has a ticket of this id. Throws UserError if none or several have. */
export async function instanceWith(desk: Desk, id: string): Promise<string> {
  const [found, ...more] = await instancesWith(shelvesOf(desk), id);
  if (found === undefined) {
    throw new UserError(`there is no ticket ${id}: sla ticket list --all shows those there are`);
  }
  if (more.length === 0) return found;
  throw new UserError(
    `${id} is a ticket of ${[found, ...more].join(" and ")}: say whose with --instance`,
  );
}

/** Tickets that are not closed, or all; the one whose reply is due next first, then what nobody waits for any more. */
export async function knownTickets(
  desk: Desk,
  { instance, all }: { readonly instance?: string | undefined; readonly all: boolean },
): Promise<Kept<readonly Ticket[]>> {
  const { value, silent } = await readTickets(shelvesOf(desk), instance);
  return { value: queue(value, { nowMs: desk.clock.now().getTime(), all }), silent };
}
