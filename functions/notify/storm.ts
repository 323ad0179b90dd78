import type { Fleet } from "../../lib/sla/fleet.ts";
import { shardsOf } from "../../lib/sla/shards.ts";
import type { Clock } from "../kernel/clock.ts";
import { inLanes } from "../kernel/lanes.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { rewrite } from "../ledger/written.ts";
import { NOTICES_AT_ONCE, type Notice, type NotifyRequest } from "./contract.ts";
import type { Post } from "./notify.ts";

/** `storms/mails.json`: requests of several shards that become one. */
interface Storm {
  /** Of the notice that began it. */
  readonly by: string;
  /** ISO 8601. */
  readonly closesAt: string;
  /** That have joined. */
  readonly notices: number;
}

/** Notices in one request from which on other shards are likely to tell of the same trouble. */
const STORM_FROM = 5;
/** Shards look at the same moment, and write at most this long about it. Far less than a round of who calls. */
const GATHER_SECONDS = 10;
const GATHER_FLOOR_MS = 1000;
/** Whoever joins may have begun before whoever leads; what is older belongs to a storm that somebody is mailing now. */
const EARLIER_SECONDS = 3;
/** Until whoever gathers has sent, nobody else hands over what is kept; if they die, it is a minute's delay. */
const HELD_SECONDS = 90;
const LANES = 16;

export interface Weather {
  readonly ledger: Ledger;
  readonly clock: Clock;
}

/**
 * What is to be mailed now: the request as it is, or with all that other shards tell meanwhile; nothing where another request mails it.
 * Before anybody waits, calls are open, webhooks are told and every notice is kept: who dies while gathering loses nothing.
 */
export async function gathered(
  request: NotifyRequest,
  fleet: Fleet,
  post: Pick<Post, "calls" | "hooks" | "unsent">,
  { ledger, clock }: Weather,
): Promise<readonly Notice[]> {
  const { notices, again } = request;
  const [first] = notices;
  const isAlone = again || notices.length < STORM_FROM || shardsOf(fleet).length === 1;
  if (isAlone || !first) return notices;
  // What does not succeed here is tried again by whoever mails.
  await post.calls.hear(notices, fleet);
  await post.hooks.lay(notices, fleet);
  const from = new Date(clock.now().getTime() + clock.paced(HELD_SECONDS)).toISOString();
  try {
    await inLanes(LANES, notices, (notice) => post.unsent.keep(notice, from));
    const storm = await joined(
      ledger,
      clock,
      `${first.instance}/${first.incident}`,
      notices.length,
    );
    if (storm.notices > notices.length) return [];
    await clock.until(new Date(storm.closesAt));
    const others = await post.unsent.heldUntil(
      Date.parse(from) - clock.paced(EARLIER_SECONDS, GATHER_FLOOR_MS),
      Date.parse(from) + 2 * clock.paced(GATHER_SECONDS, GATHER_FLOOR_MS),
    );
    return together(notices, others);
  } catch {
    return notices;
  }
}

/** The storm with this request in it; it leads if nobody was there before. */
async function joined(ledger: Ledger, clock: Clock, by: string, notices: number): Promise<Storm> {
  const now = clock.now().getTime();
  const closesAt = new Date(now + clock.paced(GATHER_SECONDS, GATHER_FLOOR_MS)).toISOString();
  const own: Storm = { by, closesAt, notices };
  const storm = await rewrite<Storm>(ledger, keys.storm("mails"), (known) => {
    const isOpen = known && Date.parse(known.closesAt) > now;
    if (!isOpen || known.notices + notices > NOTICES_AT_ONCE) return own;
    return { ...known, notices: known.notices + notices };
  });
  return storm ?? own;
}

function together(own: readonly Notice[], others: readonly Notice[]): readonly Notice[] {
  const known = new Set(own.map(nameOf));
  return [...own, ...others.filter((notice) => !known.has(nameOf(notice)))].slice(
    0,
    NOTICES_AT_ONCE,
  );
}

const nameOf = ({ instance, incident, kind, occasion = "" }: Notice) =>
  JSON.stringify([instance, incident, kind, occasion]);
