import type { InstanceState } from "../../lib/sla/incident-state.ts";
import type { FailoverRequest } from "../failover/contract.ts";
import type { Notice } from "../notify/contract.ts";
import type { IncidentChange, WatchedShard } from "./contract.ts";
import type { SeenBeats } from "./sign-of-life.ts";

/** What a site remembers of a shard between two looks: `shards/<shard>.json`, plain JSON. */
export interface ShardState extends WatchedShard {
  readonly shard: string;
  readonly site: string;
  /** Newest slot looked at, ISO 8601. */
  readonly lastSlot: string;
  readonly instances: Readonly<Record<string, Entry>>;
  /** Decided, saved and not done yet; whoever saves next does it. Doing it twice is harmless. */
  readonly owed: readonly Owed[];
  /** At the control site: newest slot each other owner is known to have looked at. */
  readonly owners: Readonly<Record<string, string>>;
  /** Region incidents that are open, by region; absent in what older versions wrote. */
  readonly regions?: Readonly<Record<string, RegionIncident>>;
}

export interface RegionIncident {
  readonly region: string;
  readonly incident: string;
  /** ISO 8601. */
  readonly firstBadAt: string;
  readonly openedAt: string;
  /** Instances that were down then. */
  readonly members: readonly string[];
}

export interface Entry {
  /** Of the roles it was last judged under. */
  readonly epoch: number;
  readonly incident: InstanceState;
  /** Of its primary then, and whether that answered. */
  readonly region?: string;
  readonly regionAnswers?: boolean;
  /** Region incident that its own is part of, while that is open. */
  readonly within?: string;
  /** Under this epoch. */
  readonly beats: SeenBeats;
  /** From the last good look: what a failover may count on. */
  readonly lastSeen?: NonNullable<FailoverRequest["lastSeen"]>;
}

export type Owed = { readonly id: string } & (
  | {
      readonly kind: "incident";
      readonly change: IncidentChange;
      readonly sites: readonly string[];
    }
  | { readonly kind: "notice"; readonly notice: Notice }
);

export const emptyShard = (shard: string, site: string): ShardState => ({
  shard,
  site,
  lastSlot: "1970-01-01T00:00:00.000Z",
  instances: {},
  owed: [],
  owners: {},
});

const KINDS: ReadonlySet<unknown> = new Set<InstanceState["kind"]>([
  "healthy",
  "suspected",
  "down",
]);

/**
 * What another version wrote, as far as this one understands it. An entry it does not begins anew: an
 * incident told twice is better than a shard that nobody looks at.
 */
export function readable(found: Partial<ShardState> | undefined, empty: ShardState): ShardState {
  if (found && isWhole(found)) return found;
  const entries = Object.entries(found?.instances ?? {}).filter(([, entry]) => isEntry(entry));
  return { ...empty, ...found, instances: Object.fromEntries(entries) };
}

const isWhole = (found: Partial<ShardState>): found is ShardState =>
  [found.lastSlot, found.owed, found.owners, found.instances].every((part) => part !== undefined) &&
  Object.values(found.instances ?? {}).every(isEntry);

const isEntry = ({ incident }: Partial<Entry>): boolean => KINDS.has(incident?.kind);

/**
 * What a failover begun now may count on. The primary's heartbeat is the newest that any look saw: a page may be
 * bad for an hour in which the database acknowledges writes all the same.
 */
export const lastSeenOf = ({ lastSeen, beats }: Entry): Entry["lastSeen"] =>
  lastSeen && { ...lastSeen, ...(beats.primary && { primaryBeat: beats.primary.at }) };

/** The newest slot an entry was judged at, in milliseconds; 0 before the first. */
export const judgedAt = ({ incident }: Entry): number =>
  incident.lastSlot === undefined ? 0 : Date.parse(incident.lastSlot);
