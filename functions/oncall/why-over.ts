import { type Ticket, ticketAt } from "../../lib/sla/support/ticket.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger, Ledgers } from "../ledger/ledger.ts";
import type { DebtOccasion, ReplyOccasion } from "../notify/contract.ts";
import type { Silence } from "../watch/contract.ts";
import { type Ack, type Call, replyCallId } from "./contract.ts";

/** Asks ledgers, the site's own first; another that does not answer is not asked again for the rest of a round. */
export class Witnesses {
  readonly #own: Ledger;
  readonly #others: readonly { readonly site: string; readonly ledger: Ledger }[];
  readonly #silent = new Set<string>();

  constructor(ledgers: Ledgers, own: string, sites: readonly string[]) {
    this.#own = ledgers(own);
    this.#others = sites
      .filter((site) => site !== own)
      .map((site) => ({ site, ledger: ledgers(site) }));
  }

  /** Why nobody needs to be called any more. Rejects if the site's own ledger does not answer. */
  async whyOver(call: Call, nowMs: number): Promise<Ack | "over" | undefined> {
    const own = await verdictOf(this.#own, call, nowMs);
    if (own !== undefined || call.overAt !== undefined) return own ?? "over";
    for (const { site, ledger } of this.#others) {
      if (this.#silent.has(site)) continue;
      try {
        const verdict = await verdictOf(ledger, call, nowMs);
        if (verdict !== undefined) return verdict;
      } catch {
        this.#silent.add(site);
      }
    }
    return undefined;
  }
}

async function verdictOf(
  ledger: Ledger,
  call: Call,
  nowMs: number,
): Promise<Ack | "over" | undefined> {
  const { instance, incident, withIncident, withDebt, withReply, withSilence } = call;
  const acks = await Promise.all(idsOf(call).map((id) => ledger.read<Ack>(keys.ack(instance, id))));
  const ack = acks.find((each) => each !== undefined);
  if (ack) return ack.value;
  const ends = await Promise.all([
    withIncident && isClosed(ledger, instance, incident),
    withDebt && isOwedNoMore(ledger, instance, withDebt),
    withReply && isOwedNoReply(ledger, instance, withReply, nowMs),
    withSilence && isHeard(ledger, call),
  ]);
  return ends.includes(true) ? "over" : undefined;
}

/** Under which it may have been acknowledged: of a ticket, whatever was promised when. */
const idsOf = ({ id, withReply }: Call): readonly string[] =>
  withReply ? [id, ...withReply.before.map((due) => replyCallId(withReply.ticket, due))] : [id];

async function isClosed(ledger: Ledger, instance: string, incident: string): Promise<boolean> {
  // The record of a lost region lies under a name that no instance has.
  const folders = [instance, `region--${instance}`];
  const records = await Promise.all(
    folders.map((folder) => ledger.read<{ closedAt?: string }>(keys.incident(folder, incident))),
  );
  return records.some((record) => record?.value.closedAt !== undefined);
}

type DebtThere = Omit<DebtOccasion, "lookedAt"> & { readonly state: string; lookedAt?: string };

/**
 * Paid, given up, its database deleted, or paid and owed anew, which is another call. A ledger that was away when it came to be
 * owed still has the payment before: its revision says so.
 */
async function isOwedNoMore(
  ledger: Ledger,
  instance: string,
  { database, since, lookedAt, revision }: DebtOccasion,
): Promise<boolean> {
  // A second failover sets the debt of the first aside.
  const kinds = ["fence", `fence-${database}`];
  const debts = await Promise.all(
    kinds.map((kind) => ledger.read<Partial<DebtThere>>(keys.debt(instance, kind))),
  );
  return debts
    .flatMap((debt) => debt?.value ?? [])
    .filter((there) => there.database === database && there.since === since)
    .filter((there) => (there.revision ?? 0) >= revision)
    .some((there) => there.state !== "owed" || there.lookedAt !== lookedAt);
}

/** A copy that does not know of the promise is behind, and says nothing. */
async function isOwedNoReply(
  ledger: Ledger,
  instance: string,
  { ticket: id, due }: ReplyOccasion,
  nowMs: number,
): Promise<boolean> {
  const ticket = (await ledger.read<Ticket>(keys.ticket(instance, id)))?.value;
  const isKnown = ticket?.events.some((event) => "promise" in event && event.promise?.due === due);
  const now = ticket && isKnown ? ticketAt(ticket, nowMs) : undefined;
  if (!now) return false;
  const isAnswered = now.repliedMs !== undefined || now.closedMs !== undefined;
  return isAnswered || now.dueMs !== Date.parse(due);
}

/** Or it was heard and is silent anew, which is another call. */
async function isHeard(
  ledger: Ledger,
  { instance: site, incident, openedAt }: Call,
): Promise<boolean> {
  const silence = (await ledger.read<Silence>(keys.silence(site)))?.value;
  if (silence === undefined) return false;
  if (silence.incident !== incident) return Date.parse(silence.since) > Date.parse(openedAt);
  return silence.shards.length === 0;
}
