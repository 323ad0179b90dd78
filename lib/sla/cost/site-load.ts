import type { Fleet, Instance } from "../fleet.ts";
import { shardCount } from "../shards.ts";
import { sellsReplies } from "../support/ticket-sites.ts";
import { ASSUMED } from "./assumed.ts";
import { MINUTES } from "./prices.ts";

/** What a site does in a month. */
export interface SiteLoad {
  readonly gbSeconds: number;
  readonly scheduled: number;
  readonly invocations: number;
  readonly writes: number;
  readonly reads: number;
  /** What looks leave in the ledger, as long as it is kept. */
  readonly ledgerGb: number;
}

/** GB of memory, as deployed. */
export const MEMORY = {
  ...{ watch: 1, beat: 0.5, probe: 0.5, sql: 0.5, minutely: 0.5, other: 1 },
} as const;
/** Instances of one call; those of `sla-probe` and `sla-sql`. */
export const BATCH = { probe: 150, sql: 80 } as const;

export function siteLoad(fleet: Fleet, region: string): SiteLoad {
  const { instances, control } = fleet;
  const owned = instances.filter(({ standby }) => (standby ?? control) === region);
  const watched = looked(fleet, owned);
  const beaten = looked(
    fleet,
    instances.filter(({ home }) => home === region),
  );
  const minutely = minutelyIn(fleet, region) * MINUTES;
  const scheduled = 2 * shardCount(instances.length) * MINUTES + minutely;
  const probes = batches(watched, BATCH.probe) * fleet.vantages.length;
  // Both sides of an instance are read, and its heartbeat is written.
  const sqls = 2 * batches(watched, BATCH.sql) + batches(beaten, BATCH.sql);
  const active = (watched.shards + beaten.shards) * MINUTES;
  return {
    gbSeconds:
      MEMORY.watch * watched.seconds +
      MEMORY.beat * beaten.seconds +
      MEMORY.minutely * minutely * ASSUMED.lookSeconds +
      MEMORY.probe * probes * ASSUMED.probeSeconds +
      MEMORY.sql * sqls * ASSUMED.sqlSeconds +
      MEMORY.other * ASSUMED.otherInvocations * ASSUMED.otherSeconds,
    scheduled,
    invocations: scheduled + probes + sqls + ASSUMED.otherInvocations,
    writes: ASSUMED.siteWrites * MINUTES + ASSUMED.shardWrites * active,
    reads: ASSUMED.siteReads * MINUTES + ASSUMED.shardReads * active,
    ledgerGb: (watched.looks * owned.length * ASSUMED.lookBytes * ASSUMED.keptMonths) / 1e9,
  };
}

interface Looked {
  readonly instances: number;
  readonly shards: number;
  /** Looks of a shard in a month. */
  readonly looks: number;
  /** That all shards of the fleet run there in a month, idle ones as well. */
  readonly seconds: number;
}

/** As if the most frequent look were that of all, and every shard had one of them: at most it is so. */
function looked(fleet: Fleet, those: readonly Instance[]): Looked {
  const all = shardCount(fleet.instances.length);
  const shards = Math.min(all, those.length);
  const every = Math.min(...those.map(({ plan }) => fleet.plans[plan]?.watch.everySeconds ?? 60));
  const busy = shards === 0 ? 0 : secondsOfMinute(every);
  return {
    ...{ instances: those.length, shards, looks: shards === 0 ? 0 : (60 / every) * MINUTES },
    seconds: (shards * busy + (all - shards) * ASSUMED.idleSeconds) * MINUTES,
  };
}

/** An invocation waits from its first look to its last one. */
const secondsOfMinute = (every: number): number => {
  const { lookSeconds, idleSeconds } = ASSUMED;
  if (every < 60) return 60 - every + lookSeconds;
  return (lookSeconds * 60 + idleSeconds * (every - 60)) / every;
};

/** Calls of a month at most: the last one of each shard need not be full. */
const batches = ({ instances, shards, looks }: Looked, size: number): number =>
  shards === 0 ? 0 : (Math.ceil(instances / size) + shards - 1) * looks;

/** Functions of every minute beside watches and beats: debts, records; where there are any on call, webhooks, tickets, pages. */
function minutelyIn(fleet: Fleet, region: string): number {
  const { control, provider, status } = fleet;
  const everywhere =
    Number(provider.onCall !== undefined) + Number(provider.webhooks !== undefined);
  const atControl = Number(status !== undefined) + Number(sellsReplies(fleet));
  return 2 + everywhere + (region === control ? atControl : 0);
}
