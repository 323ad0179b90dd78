/** What a shard remembers of an instance between two rounds; plain JSON. Instants are ISO 8601 slots. */
export type InstanceState = Healthy | Suspected | Down;

interface Healthy {
  readonly kind: "healthy";
  /** Of the last round taken into account; absent before the first. */
  readonly lastSlot?: string;
  readonly lastGoodAt?: string;
}

/** Bad rounds, not enough of them yet. */
interface Suspected {
  readonly kind: "suspected";
  readonly lastSlot: string;
  readonly lastGoodAt?: string;
  readonly firstBadAt: string;
  readonly lastBadAt: string;
  readonly badRounds: number;
}

/** An incident is open. */
export interface Down {
  readonly kind: "down";
  readonly lastSlot: string;
  readonly lastGoodAt?: string;
  readonly firstBadAt: string;
  readonly incident: string;
  /** Good rounds in a row, and the first of them. */
  readonly goodRounds: number;
  readonly firstGoodAt?: string;
  /** What has been said once and is not said again in this incident. */
  readonly told: readonly string[];
  /** The primary when it was opened; absent in what an older version has written. */
  readonly openedPrimary?: string;
  /** Slot of the first round with another one, whoever led there: a person does so without `startedEpoch`. */
  readonly seatedAt?: string;
  /** Newest epoch for which a failover has been started. */
  readonly startedEpoch?: number;
  /** ISO 8601: when that was. */
  readonly startedAt?: string;
  /** Slot of the first round under the roles that this failover led to. */
  readonly movedAt?: string;
}

/** A window of maintenance that keeps failovers from beginning by themselves. */
export interface HeldBack {
  readonly window: string;
  /** ISO 8601. */
  readonly until: string;
}

interface OfIncident {
  readonly incident: string;
  /** Slot of the round that raised it. */
  readonly at: string;
}

/** Why a failover that is wanted does not start by itself. */
export type Withheld =
  | "alert-only"
  | "not-owner"
  /** Nobody can say whether the database lives. */
  | "unclear"
  /** A window of maintenance says so, and the primary's region answers. */
  | "maintenance";

export type WatchEvent = OfIncident &
  (
    | {
        readonly kind: "incident-opened";
        readonly firstBadAt: string;
        readonly lastGoodAt?: string;
      }
    /** The heartbeat advances: a person must look at the application, nothing is promoted. */
    | { readonly kind: "application-down" }
    /** The database is gone and nothing stands by. */
    | { readonly kind: "no-standby" }
    | {
        readonly kind: "failover-withheld";
        readonly because: Exclude<Withheld, "maintenance">;
      }
    | {
        readonly kind: "failover-withheld";
        readonly because: "maintenance";
        readonly held: HeldBack;
      }
    /** Repeated every round until `failoverStarted` is recorded; starting it is idempotent by name. */
    | {
        readonly kind: "failover-due";
        readonly epoch: number;
        readonly firstBadAt: string;
        readonly lastGoodAt?: string;
      }
    | {
        readonly kind: "incident-closed";
        readonly firstBadAt: string;
        readonly firstGoodAt: string;
      }
  );

/** Of an instance nothing is known about yet. */
export const UNSEEN: InstanceState = { kind: "healthy" };

/** Digits of the first bad slot: the same failure has the same id wherever and how often it is judged. */
export const incidentIdOf = (firstBadAt: string): string =>
  firstBadAt.replace(/[^0-9]/g, "").slice(0, 17);

/** The caller has started the failover of this epoch; without an open incident there is nothing to note. */
export function failoverStarted(state: InstanceState, epoch: number, at?: string): InstanceState {
  if (state.kind !== "down") return state;
  return {
    ...state,
    startedEpoch: Math.max(epoch, state.startedEpoch ?? epoch),
    ...(at !== undefined && { startedAt: at }),
  };
}

/**
 * What another site judged later, under the name that this one has given the trouble and acted on: a second name would
 * begin a second failover. One that the other has seen end meanwhile, or that was moved since, keeps the other's.
 */
export function sameTrouble(own: InstanceState, later: InstanceState): InstanceState {
  if (own.kind !== "down" || own.startedEpoch === undefined) return later;
  if (later.kind !== "down" || later.movedAt !== undefined) return later;
  const wasGoodAt = Date.parse(later.lastGoodAt ?? own.lastSlot);
  if (wasGoodAt > Date.parse(own.lastSlot)) return later;
  const { incident, firstBadAt, lastGoodAt, startedEpoch, startedAt } = own;
  return {
    ...later,
    ...{ incident, firstBadAt },
    ...(lastGoodAt !== undefined && { lastGoodAt }),
    told: [...new Set([...own.told, ...later.told])],
    startedEpoch: Math.max(startedEpoch, later.startedEpoch ?? startedEpoch),
    ...(startedAt !== undefined && { startedAt }),
  };
}
