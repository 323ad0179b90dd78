import { createHash } from "node:crypto";
import { type Ticket, type TicketEvent, ticketAt } from "../../lib/sla/support/ticket.ts";
import { SKEW } from "./contract.ts";
import { type Act, CLOSE_REASONS, type Mistake, type Wish } from "./helpdesk-wish.ts";
import type { Saying } from "./say.ts";

/** `again`: it was said before. `conflict`: something else was said by this name. */
export type Judged =
  | { readonly kind: "new"; readonly saying: Omit<Saying, "by"> }
  | { readonly kind: "again" }
  | { readonly kind: "conflict"; readonly message: string }
  | { readonly kind: "mistake"; readonly mistake: Mistake };

/** What becomes of a wish about a ticket as it is known; undefined: it was never opened. */
export function judge(act: Act, wish: Wish, ticket: Ticket | undefined, nowMs: number): Judged {
  const known = ticket && knownOf(act, wish, ticket);
  if (known) return repeated(act, wish, known);
  const mistake = mistakeOf(wish, ticket, nowMs);
  if (mistake) return { kind: "mistake", mistake };
  const atMs = wish.at === undefined ? nowMs : Math.min(Date.parse(wish.at), nowMs);
  return { kind: "new", saying: { said: wish.said, atMs, nowMs, event: eventId(act, wish) } };
}

/** `reply:9001:1f3a…`: whose name it is, and what was said by it. */
const eventId = (act: Act, wish: Wish): string => `${eventName(act, wish)}${printOf(wish)}`;

const eventName = (act: Act, { name }: Wish): string => `${act}:${name}:`;

const printOf = ({ said }: Wish): string =>
  createHash("sha256").update(JSON.stringify(said)).digest("hex").slice(0, 16);

/** A ticket is opened once and closed once, by whomever; all else has a name of its own. */
function knownOf(act: Act, wish: Wish, { events }: Ticket): TicketEvent | undefined {
  const { kind } = wish.said;
  const isOnce = kind === "opened" || kind === "closed";
  return events.find((each) =>
    isOnce ? each.kind === kind : each.id.startsWith(eventName(act, wish)),
  );
}

function repeated(act: Act, wish: Wish, known: TicketEvent): Judged {
  if (!isSame(act, wish, known)) {
    const was = JSON.stringify(saidIn(known));
    const message = `something else was recorded ${known.recordedAt}: ${was}`;
    return { kind: "conflict", message };
  }
  const apartMs = wish.at === undefined ? 0 : Math.abs(Date.parse(wish.at) - Date.parse(known.at));
  if (apartMs <= SKEW.aheadSeconds * 1000) return { kind: "again" };
  return { kind: "conflict", message: `at: it was recorded as of ${known.at}` };
}

function isSame(act: Act, wish: Wish, known: TicketEvent): boolean {
  const { said } = wish;
  if (known.id === eventId(act, wish)) return true;
  if (said.kind === "closed") return said.reason === undefined;
  if (said.kind !== "opened" || known.kind !== "opened") return false;
  const isPaged = known.isPaged === true;
  return known.title === said.title && known.priority === said.priority && isPaged === said.isPaged;
}

/** Without what only tells when it was said and by whom. */
function saidIn({ id: _, at: _at, recordedAt: _recorded, by: _by, ...said }: TicketEvent) {
  return "promise" in said ? { ...said, promise: undefined } : said;
}

function mistakeOf(
  { said, at }: Wish,
  ticket: Ticket | undefined,
  nowMs: number,
): Mistake | undefined {
  const now = ticket && ticketAt(ticket, nowMs);
  if (at !== undefined) {
    const allowed = timeMistake(
      Date.parse(at),
      nowMs,
      said.kind === "opened" ? undefined : now?.openedMs,
    );
    if (allowed !== undefined) return { place: "at", value: at, allowed };
  }
  const isUnanswered = now !== undefined && now.repliedMs === undefined;
  if (said.kind !== "closed" || said.reason !== undefined || !isUnanswered) return undefined;
  const why = "nobody has answered it, so say why it is closed";
  return { place: "reason", allowed: `${CLOSE_REASONS.join(", ")}: ${why}` };
}

/** Undefined where the time is one that may be recorded. */
function timeMistake(atMs: number, nowMs: number, openedMs: number | undefined) {
  const latest = nowMs + SKEW.aheadSeconds * 1000;
  const earliest = nowMs - SKEW.behindSeconds * 1000;
  if (atMs > latest) return `at most ${SKEW.aheadSeconds / 60} minutes ahead of ${iso(nowMs)}`;
  if (atMs < earliest) {
    return `${iso(earliest)} or later: what is older is recorded by a person, with --at of sla ticket`;
  }
  if (openedMs === undefined || atMs >= openedMs) return undefined;
  return `${iso(openedMs)} or later, when the ticket was opened`;
}

const iso = (ms: number) => new Date(ms).toISOString();
