import { SlaError } from "../../functions/kernel/errors.ts";
import { inLanes } from "../../functions/kernel/lanes.ts";
import type { Ledger } from "../../functions/ledger/ledger.ts";
import { breakable, type Html, html } from "../page/html.ts";
import type { Fleet } from "../sla/fleet.ts";
import { type TicketNow, ticketAt } from "../sla/support/ticket.ts";
import type { Access } from "./access.ts";
import { type CallStatus, callsIn, callsNow, type KnownCall } from "./calls.ts";
import { localTime } from "./local-time.ts";
import { knownTickets } from "./tickets.ts";
import { webhookSection } from "./webhook-section.ts";
import { type HookShelf, hooksIn, type WebhookStatus, webhooksNow } from "./webhooks-now.ts";

/** What waits for the provider's own people. */
export interface Waiting {
  readonly timezone: string;
  /** Open ones, the one that is due next first. */
  readonly tickets: readonly {
    readonly id: string;
    readonly instance: string;
    readonly now: TicketNow;
  }[];
  /** The oldest first. */
  readonly calls: readonly CallStatus[];
  /** In the order of the fleet. */
  readonly webhooks: readonly WebhookStatus[];
  /** Regions whose ledgers say nothing: there may be more. */
  readonly silent: readonly string[];
}

/** From the ledgers that answer. */
export async function waitingFor(
  access: Pick<Access, "fleet" | "ledgers" | "clock" | "caller">,
): Promise<Waiting> {
  const { fleet, ledgers, clock } = access;
  const nowMs = clock.now().getTime();
  const [tickets, sites] = await Promise.all([
    knownTickets(access, { all: false }),
    inLanes(8, Object.keys(fleet.sites), async (region) => ({
      region,
      said: await saidIn(ledgers(region), fleet, clock.now()).catch(silence),
    })),
  ]);
  const unheard = sites.flatMap(({ region, said }) => (said === undefined ? [region] : []));
  const said = sites.flatMap((each) => each.said ?? []);
  const shelves = said.flatMap(({ hooks }) => hooks);
  return {
    timezone: fleet.provider.timezone,
    tickets: tickets.value.flatMap((ticket) => {
      const now = ticketAt(ticket, nowMs);
      return now ? [{ id: ticket.id, instance: ticket.instance, now }] : [];
    }),
    calls: callsNow(said),
    webhooks: webhooksNow(fleet, shelves, clock.now(), clock),
    silent: [...new Set([...tickets.silent, ...unheard])].toSorted(),
  };
}

interface Said {
  readonly calls: readonly KnownCall[];
  readonly hooks: readonly HookShelf[];
}

async function saidIn(ledger: Ledger, fleet: Fleet, now: Date): Promise<Said> {
  const [calls, hooks] = await Promise.all([callsIn(ledger), hooksIn(ledger, fleet, now)]);
  return { calls, hooks };
}

function silence(cause: unknown): undefined {
  if (cause instanceof SlaError) return undefined;
  throw cause;
}

/** For the provider's page alone: titles are what customers wrote, and calls name people. */
export function waitingSection({ tickets, calls, webhooks, silent, timezone }: Waiting): Html {
  const time = (at: string) => html`<time datetime="${at}">${localTime(timezone)(at)}</time>`;
  const unheard =
    silent.length === 0
      ? html``
      : html`<p>${silent.join(", ")} says nothing: there may be more.</p>`;
  return html`<section aria-labelledby="calls"><h2 id="calls">Calls</h2>
${calls.length === 0 ? html`<p>Nobody is being called.</p>` : html`<ul class="past">${calls.map((each) => callItem(each, time))}</ul>`}${unheard}</section>
${webhookSection(webhooks, unheard)}<section aria-labelledby="tickets"><h2 id="tickets">Open tickets</h2>
${tickets.length === 0 ? html`<p>None.</p>` : html`<ul class="past">${tickets.map((each) => ticketItem(each, time))}</ul>`}</section>`;
}

type Time = (at: string) => Html;

function callItem({ instance, id, title, openedAt, called, ack }: CallStatus, time: Time): Html {
  const last = called.at(-1);
  const who = ack
    ? html`<bdi>${ack.by}</bdi> takes care of it since ${time(ack.at)}`
    : last
      ? html`<strong>rings</strong>: <bdi>${last.contact}</bdi> was called ${time(last.at)}`
      : html`<strong>rings</strong>: told, nobody called yet`;
  return html`<li><bdi>${instance}</bdi>: <bdi>${title}</bdi> since ${time(openedAt)}, ${who}. <code>${breakable(id)}</code></li>`;
}

const STANDINGS: Readonly<Record<TicketNow["standing"], string>> = {
  unpromised: "no reply promised",
  waiting: "waits for a reply",
  "due-soon": "reply due soon",
  missed: "REPLY MISSED",
  "in-time": "answered in time",
  late: "answered too late",
  withdrawn: "closed before it was due",
};

function ticketItem({ id, instance, now }: Waiting["tickets"][number], time: Time): Html {
  const isOpen = now.repliedMs === undefined && now.dueMs !== undefined;
  const due = isOpen ? html`, reply until ${time(new Date(now.dueMs ?? 0).toISOString())}` : html``;
  return html`<li><code>${breakable(id)}</code> P${now.priority} of <bdi>${instance}</bdi>: <bdi>${now.title}</bdi>, ${STANDINGS[now.standing]}${due}</li>`;
}
