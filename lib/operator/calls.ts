import { inLanes } from "../../functions/kernel/lanes.ts";
import { keys, prefixes } from "../../functions/ledger/contract.ts";
import type { Ledger } from "../../functions/ledger/ledger.ts";
import type { Ack, Call } from "../../functions/oncall/contract.ts";
import type { SiteBooks } from "./site-books.ts";

/** A call as one ledger holds it. */
export interface KnownCall {
  readonly call: Call;
  readonly ack?: Ack;
}

/** An incident that wants a person, or has one. */
export interface CallStatus {
  readonly instance: string;
  /** What `sla ack` takes. */
  readonly id: string;
  readonly title: string;
  /** ISO 8601. */
  readonly openedAt: string;
  readonly called: Call["called"];
  /** Who takes care of it; absent: nobody yet. */
  readonly ack?: Pick<Ack, "by" | "at" | "reason">;
}

const LANES = 32;
/** Each call, and what ends it, is written when it happens: what is older is history. */
const SHOWN_MS = 31 * 86_400_000;

/** The newest calls of a ledger. Rejects if it does not answer. */
export async function callsIn(ledger: Ledger): Promise<readonly KnownCall[]> {
  const listed = await ledger.list(prefixes.calls);
  const newest = Math.max(...listed.map(({ writtenAt }) => Date.parse(writtenAt ?? "") || 0), 0);
  const wanted = listed.filter(
    ({ writtenAt }) => writtenAt === undefined || Date.parse(writtenAt) > newest - SHOWN_MS,
  );
  const found = await inLanes(LANES, wanted, async ({ key }): Promise<readonly KnownCall[]> => {
    const call = (await ledger.read<Call>(key))?.value;
    if (!call) return [];
    const ack = (await ledger.read<Ack>(keys.ack(call.instance, call.id)))?.value;
    return [{ call, ...(ack && { ack }) }];
  });
  return found.flat();
}

/**
 * Of all ledgers that answered: what no end is known of. An acknowledgement is shown while what it is for is not over, whichever
 * ledger has it.
 */
export function callsNow(books: readonly Pick<SiteBooks, "calls">[]): readonly CallStatus[] {
  const all = books.flatMap(({ calls = [] }) => calls);
  const byName = Map.groupBy(all, ({ call }) => `${call.instance}/${call.id}`);
  return [...byName.values()]
    .flatMap((copies): CallStatus[] => {
      const ack = copies.map((each) => each.ack).find((each) => each !== undefined);
      const open = copies.find(({ call }) => !call.over && call.overAt === undefined)?.call;
      if (!open) return [];
      const { instance, id, title, openedAt, called } = open;
      const by = ack && { ack: { by: ack.by, at: ack.at, reason: ack.reason } };
      return [{ instance, id, title, openedAt, called, ...by }];
    })
    .toSorted((one, other) => (one.openedAt < other.openedAt ? -1 : 1));
}

/** One line of `sla status`. */
export function callWords({ instance, id, title, called, ack }: CallStatus): string {
  if (ack) return `${instance}: ${title} (${id}): ${ack.by} takes care of it: ${ack.reason}`;
  const last = called.at(-1);
  const since = last
    ? `${last.contact} was called at ${last.at.slice(0, 19)}Z`
    : "told, not called";
  return `${instance}: ${title}: nobody has acknowledged it, ${since}: sla ack ${id} --instance ${instance} --reason '…'`;
}
