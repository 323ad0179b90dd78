import type { Fleet } from "../../lib/sla/fleet.ts";
import { shardsOf } from "../../lib/sla/shards.ts";
import type { Clock } from "../kernel/clock.ts";
import { keys } from "../ledger/contract.ts";
import type { Entry, Ledger, Ledgers } from "../ledger/ledger.ts";
import type { Notice } from "../notify/contract.ts";
import type { TickEvent } from "./contract.ts";
import type { Messenger } from "./ports.ts";
import {
  EMPTY_BOOK,
  type RollCall,
  type RollCalled,
  rollCall,
  sitesToHear,
  type WatchBook,
} from "./roll-call.ts";
import { joinSilence, leaveSilence } from "./silence-claim.ts";
import { silenceOf, siteHeard, siteSilent } from "./site-notices.ts";

/** Plan seconds: five ticks. */
const SILENT_AFTER_SECONDS = 300;
/** Where a pace divides that: work is not divided, and a busy laptop fails rounds for longer and means nothing. */
const SILENT_FLOOR_MS = 60_000;

export interface Post {
  readonly site: string;
  readonly clock: Clock;
  readonly ledgers: Ledgers;
  readonly messenger: Messenger;
}

type Answers = Readonly<Record<string, string>>;

const listenedFor = (fleet: Fleet, site: string) =>
  sitesToHear(site, fleet.control, Object.keys(fleet.sites));

/**
 * The newest tick that the watches this site listens for have ended. One whose ledger does not answer, or
 * that has never ended any, is left out; never rejects. Asked early: a region that hangs takes its time.
 */
export async function askWatches(
  shard: string,
  fleet: Fleet,
  { site, ledgers }: Post,
): Promise<Answers> {
  const answers = await Promise.all(
    listenedFor(fleet, site).map(async (other) => {
      const book = await ledgers(other)
        .read<WatchBook>(keys.watch(shard))
        .catch(() => undefined);
      const lastTick = book?.value.lastTick;
      return lastTick === undefined ? [] : [[other, lastTick] as const];
    }),
  );
  return Object.fromEntries(answers.flat());
}

/**
 * Writes down that this site's watch has ended a tick, if it ended well, and tells of sites whose watch
 * has not for five minutes. Resolves to what did not work; what could not be told is told with the next tick.
 */
export async function answerRollCall(
  { scheduledTime, shard }: TickEvent,
  fleet: Fleet,
  { site, clock, ledgers, messenger }: Post,
  { answers, isWell }: { readonly answers: Answers; readonly isWell: boolean },
): Promise<readonly string[]> {
  const [key, own] = [keys.watch(shard), ledgers(site)];
  const tick = new Date(scheduledTime).toISOString();
  const silentAfterMs = clock.paced(SILENT_AFTER_SECONDS, SILENT_FLOOR_MS);
  const sites = listenedFor(fleet, site);
  try {
    const held: Entry<WatchBook> | undefined = await own.read(key);
    const before = held?.value ?? EMPTY_BOOK;
    const call = { shard, sites, answers, control: fleet.control, tick, silentAfterMs };
    const called = rollCall(before, call);
    const { book } = called;
    const notices = await noticesOf(called, { ...call, shards: shardsOf(fleet) }, own);
    const telling = notices.length > 0 ? messenger.notify({ notices }) : undefined;
    const [told] = await Promise.allSettled([telling]);
    const known = told.status === "fulfilled" ? book : before;
    const after: WatchBook = { ...known, ...(isWell && { lastTick: tick }) };
    // A repeat of this very tick may have been first: what it wrote is as good.
    await (held ? own.replace(key, after, held.tag) : own.create(key, after));
    return told.status === "rejected" ? [wordsOf(told.reason)] : [];
  } catch (cause) {
    return [wordsOf(cause)];
  }
}

/** One silence, one mail and one call, however many shards hear it: the first tells that it began, the last that it is over. */
async function noticesOf(
  { fallen, back }: RollCalled,
  call: RollCall & { readonly shards: readonly string[] },
  own: Ledger,
): Promise<readonly Notice[]> {
  const notices: Notice[] = [];
  for (const { site, since } of fallen) {
    const silence = await joinSilence(own, call, { site, since, incident: silenceOf(since) });
    notices.push(siteSilent(silence, call));
  }
  for (const { site, since } of back) {
    const over = await leaveSilence(own, call, site);
    if (over) notices.push(siteHeard(over, since, call));
  }
  return notices;
}

const wordsOf = (cause: unknown) =>
  cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
