import { inLanes } from "../../functions/kernel/lanes.ts";
import { prefixes } from "../../functions/ledger/contract.ts";
import type { Ledger } from "../../functions/ledger/ledger.ts";
import type { Pacer } from "../../functions/watch/judge.ts";
import { daysTo, type Outgoing } from "../../functions/webhook/contract.ts";
import {
  failureOf,
  type HookFailure,
  isStuck,
  STUCK_SECONDS,
  untakenOf,
} from "../../functions/webhook/stuck.ts";
import type { Fleet } from "../sla/fleet.ts";
import { secondsSince } from "./instance-status.ts";

/** What a ledger holds for one webhook, of the days in which something may wait. */
export interface HookShelf {
  readonly webhook: string;
  readonly events: readonly Outgoing[];
  /** So many more lie there, and were not read. */
  readonly unread: number;
}

/** How a webhook of the fleet stands. */
export interface WebhookStatus {
  readonly webhook: string;
  /** It needs a person: by the same measure as the alarm `webhooks-stuck`. */
  readonly stuck: boolean;
  readonly waiting: number;
  readonly givenUp: number;
  /** That has waited longest. */
  readonly oldest?: {
    readonly id: string;
    readonly site: string;
    readonly instance: string;
    readonly title: string;
    /** ISO 8601: since when it is tried. */
    readonly since: string;
    readonly ageSeconds: number;
    readonly attempts: number;
  };
  /** Of what nobody has taken; absent: all was taken. */
  readonly failure?: {
    readonly is: HookFailure;
    readonly status?: number;
    readonly said?: string;
    /** ISO 8601. */
    readonly at?: string;
  };
  /** Events that were not looked at: there may be more that wait. */
  readonly unread: number;
}

/** Of a webhook and site: what is stuck was written last, by its newest attempt. */
const READ_AT_MOST = 500;
const LANES = 32;

/** At most three lists (of as many pages as it was told events in thousands) and 500 reads for each webhook. Rejects if the ledger does not answer. */
export async function hooksIn(
  ledger: Ledger,
  { provider: { webhooks = [] } }: Fleet,
  now: Date,
): Promise<readonly HookShelf[]> {
  return Promise.all(
    webhooks.map(async ({ name: webhook }) => {
      const listing = daysTo(now.getTime()).map((day) => ledger.list(prefixes.hooks(webhook, day)));
      const listed = (await Promise.all(listing))
        .flat()
        .toSorted((one, other) => ((one.writtenAt ?? "") < (other.writtenAt ?? "") ? 1 : -1));
      const events = await inLanes(LANES, listed.slice(0, READ_AT_MOST), async ({ key }) => {
        const outgoing = (await ledger.read<Outgoing>(key))?.value;
        return outgoing ? [outgoing] : [];
      });
      const unread = Math.max(0, listed.length - READ_AT_MOST);
      return { webhook, events: events.flat(), unread };
    }),
  );
}

/** Of all ledgers that answered, in the order of the fleet. */
export function webhooksNow(
  { provider: { webhooks = [] } }: Fleet,
  shelves: readonly HookShelf[],
  now: Date,
  pacer: Pacer,
): readonly WebhookStatus[] {
  return webhooks.map(({ name: webhook }) => {
    const theirs = shelves.filter((shelf) => shelf.webhook === webhook);
    const events = theirs.flatMap((shelf) => shelf.events);
    const untaken = untakenOf(events, now.getTime() - pacer.paced(STUCK_SECONDS));
    const { waiting, givenUp, oldest, last } = untaken;
    const { status, said, at } = last ?? {};
    return {
      ...{ webhook, stuck: isStuck(untaken), waiting, givenUp },
      ...(oldest && { oldest: oldestOf(oldest, now) }),
      ...(waiting + givenUp > 0 && {
        failure: {
          is: failureOf(last),
          ...(status !== undefined && { status }),
          ...(said && { said }),
          ...(at !== undefined && { at }),
        },
      }),
      unread: theirs.reduce((sum, { unread }) => sum + unread, 0),
    };
  });
}

function oldestOf(
  { event, since, attempts }: Outgoing,
  now: Date,
): NonNullable<WebhookStatus["oldest"]> {
  const { id, site, instance, title } = event;
  return { id, site, instance, title, since, ageSeconds: secondsSince(since, now), attempts };
}
