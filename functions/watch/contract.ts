import type { Round } from "../../lib/sla/incident.ts";
import type { InstanceState } from "../../lib/sla/incident-state.ts";
import type { Plan } from "../../lib/sla/plan.ts";
import type { TlsSeen } from "../../lib/sla/tls.ts";
import type { Verdict, Vote } from "../../lib/sla/verdict.ts";
import type { Changed } from "../sql/contract.ts";

/** Deployed in every site. `watch` judges, `beat` writes the heartbeats of the primaries of its site. */
export const WATCH_FUNCTION = "sla-watch";
export const BEAT_FUNCTION = "sla-beat";

/** Sent by EventBridge Scheduler once a minute to both; the slot comes from here, not from a clock. */
export interface TickEvent {
  /** `<aws.scheduler.scheduled-time>`: ISO 8601. */
  readonly scheduledTime: string;
  readonly shard: string;
}

/** Plan-time seconds between two ticks. */
export const TICK_SECONDS = 60;

/** Plan seconds after which a site that looks this often has missed its rounds. */
export const silentAfterSeconds = ({ plan }: { readonly plan: Pick<Plan, "watch"> }): number =>
  3 * Math.max(TICK_SECONDS, plan.watch.everySeconds);

/** Of `shards/<shard>.json`, what others read. */
export interface WatchedShard {
  readonly instances: Readonly<Record<string, { readonly incident: InstanceState }>>;
}

/** `incidents/<instance>/<id>.json`, in the ledgers of the owner, both sites and control. */
export interface IncidentRecord {
  readonly instance: string;
  readonly incident: string;
  /** ISO 8601: slots of the first bad round and of the last good one before it. */
  readonly firstBadAt: string;
  readonly lastGoodAt?: string;
  /** Slot of the round that opened it. */
  readonly openedAt?: string;
  /** Slot of the round that closed it, and of the first good round. */
  readonly closedAt?: string;
  readonly firstGoodAt?: string;
  /** Of a region incident: the instances that were down when it was opened. */
  readonly members?: readonly string[];
  /** Of a region incident: the shards that have seen it. It is closed when it is over for all of them. */
  readonly shards?: Readonly<Record<string, ShardSight>>;
}

/** ISO 8601 slots: when a shard found the region lost, and when none of its instances was down there any more; the newest of each. */
export interface ShardSight {
  readonly seenAt?: string;
  readonly overAt?: string;
}

/** `watches/silent--<site>.json`: the newest silence of another site's watch, as the shards of this one hear it. */
export interface Silence {
  readonly site: string;
  readonly incident: string;
  /** ISO 8601. */
  readonly since: string;
  /** Those that still hear nothing; none: it is over. */
  readonly shards: readonly string[];
}

/** What opening or closing adds to a record. */
export type IncidentChange = Pick<IncidentRecord, "instance" | "incident"> &
  Partial<IncidentRecord>;

/** All looks of one invocation, written once: `rounds/<yyyy-mm-dd>/<hhmmss>-<shard>.json.gz`. */
export interface RoundRecord {
  readonly shard: string;
  readonly site: string;
  readonly scheduledTime: string;
  readonly looks: readonly LookRecord[];
}

export interface LookRecord {
  readonly slot: string;
  readonly instances: Readonly<Record<string, InstanceLook>>;
}

export interface InstanceLook {
  readonly epoch: number;
  readonly verdict: Verdict;
  /** By vantage. */
  readonly votes: Readonly<Record<string, Vote["says"]>>;
  readonly database: Round["database"];
  /** ISO 8601, by the primary's clock: newest heartbeat seen on the standby, else on the primary. */
  readonly beatAt?: string;
  readonly reason?: string;
  /** Twice a day, of an https URL. */
  readonly tls?: TlsSeen;
}

/** `watches/<shard>-gauges.json`, for whoever asks how things stand. */
export interface GaugeRecord {
  /** ISO 8601. */
  readonly at: string;
  readonly instances: Readonly<Record<string, GaugeReading>>;
}

export interface GaugeReading {
  readonly epoch: number;
  /** Absent: nobody said. */
  readonly storage?: {
    readonly freePercent: number;
    readonly allocatedBytes: number;
    readonly retainedBytes: number;
    /** The bound that was passed, percent: the log kept for the standby has a part in it. */
    readonly below?: number;
  };
  readonly broken?: string;
  /** Tables of customers that our login may not read: absent if none, or nobody said. */
  readonly unreadTables?: number;
  /** What the primary had counted when it last said so; `at`, ISO 8601. */
  readonly changed?: Changed & { readonly at: string };
}
