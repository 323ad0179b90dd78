import type { FailoverNote } from "../../functions/failover/incident-note.ts";
import type { Unconfirmed } from "../../functions/notify/subscriptions.ts";
import { silentAfterSeconds } from "../../functions/watch/contract.ts";
import type { Fleet } from "../sla/fleet.ts";
import { instancesOf, shardsOf } from "../sla/shards.ts";
import { type AccountLook, accountLookOf } from "./account-look.ts";
import { type CallStatus, callsNow } from "./calls.ts";
import {
  type InstanceStatus,
  instanceStatus,
  type Known,
  secondsSince,
} from "./instance-status.ts";
import { isPrepared, preparednessOf, type SitePreparedness } from "./preparedness.ts";
import { type WebhookStatus, webhooksNow } from "./webhooks-now.ts";

/** All that is known of a fleet now. */
export interface FleetStatus {
  /** ISO 8601. */
  readonly at: string;
  /** By how much the durations of plans are divided: 1 on AWS. */
  readonly pace: number;
  /** Nothing needs a person. */
  readonly ok: boolean;
  readonly instances: readonly InstanceStatus[];
  readonly silentWatches: readonly SilentWatch[];
  readonly unconfirmed: readonly Unconfirmed[];
  /** Of every site that has looked whether a recovery there would find what it needs. */
  readonly preparedness: readonly SitePreparedness[];
  /** What the daily look at the account found; absent before the first. */
  readonly account?: AccountLook;
  /** Incidents that somebody on call is called for, or takes care of. */
  readonly calls: readonly CallStatus[];
  /** Of the fleet, each: what it was told and nobody has taken. */
  readonly webhooks: readonly WebhookStatus[];
  /** What could not be asked: what it would have said is not in here. */
  readonly unanswered: readonly Unanswered[];
}

/** A site that owns instances of this shard and has not looked at them for three rounds. */
export interface SilentWatch {
  readonly site: string;
  readonly shard: string;
  /** ISO 8601; absent: it never looked. */
  readonly since?: string;
}

export interface Unanswered {
  readonly region: string;
  readonly what: "ledger" | "subscriptions";
  readonly why: string;
}

export interface Gathered extends Known {
  /** By instance: what the record of its open incident says of failovers. */
  readonly notes: ReadonlyMap<string, readonly FailoverNote[]>;
  readonly unconfirmed: readonly Unconfirmed[];
  readonly unanswered: readonly Unanswered[];
}

/** @param only the instances asked for; none: all. What is told of the fleet itself stays. */
export function fleetStatus(
  fleet: Fleet,
  gathered: Gathered,
  only: readonly string[] = [],
): FleetStatus {
  const { unconfirmed, unanswered, now, notes } = gathered;
  const all = fleet.instances.flatMap((instance) => {
    const plan = fleet.plans[instance.plan];
    return plan ? [instanceStatus(instance, plan, gathered, notes.get(instance.id))] : [];
  });
  const instances = only.length === 0 ? all : all.filter((each) => only.includes(each.instance));
  const silentWatches = silentOf(fleet, all, gathered);
  const preparedness = preparednessOf(gathered);
  const unprepared = preparedness.filter((each) => !isPrepared(each));
  const account = accountLookOf(gathered);
  const broken = account?.findings.filter(({ weight }) => weight === "broken") ?? [];
  const calls = callsNow(gathered.books);
  const waiting = calls.filter(({ ack }) => ack === undefined);
  const shelves = gathered.books.flatMap(({ hooks = [] }) => hooks);
  const webhooks = webhooksNow(fleet, shelves, now, gathered.pacer);
  const stuck = webhooks.filter((each) => each.stuck);
  const told = [silentWatches, unconfirmed, unanswered, unprepared, waiting, stuck, broken].flat();
  const isFresh = account?.stale !== true;
  const ok = told.length === 0 && isFresh && instances.every(({ needs }) => needs.length === 0);
  const pace = 1000 / gathered.pacer.paced(1);
  const troubled = { silentWatches, unconfirmed, preparedness, calls, webhooks, unanswered };
  return {
    ...{ at: now.toISOString(), pace, ok, instances, ...troubled },
    ...(account && { account }),
  };
}

function silentOf(
  fleet: Fleet,
  instances: readonly InstanceStatus[],
  { books, now, pacer }: Known,
): SilentWatch[] {
  const owners = new Map(
    instances.map(({ instance, roles }) => [
      instance,
      roles?.leftAt === undefined ? roles?.owner : undefined,
    ]),
  );
  return shardsOf(fleet).flatMap((shard) =>
    books.flatMap(({ region, shards }): SilentWatch[] => {
      const owned = instancesOf(fleet, shard).filter(({ id }) => owners.get(id) === region);
      if (owned.length === 0) return [];
      const state = shards.find((each) => each.shard === shard);
      if (!state) return [{ site: region, shard }];
      const plans = owned.flatMap(({ plan }) => fleet.plans[plan] ?? []);
      const patience = plans.map((plan) => pacer.paced(silentAfterSeconds({ plan })));
      const silentMs = secondsSince(state.lastSlot, now) * 1000;
      return silentMs > Math.min(...patience)
        ? [{ site: region, shard, since: state.lastSlot }]
        : [];
    }),
  );
}
