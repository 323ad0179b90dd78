import { type HeldBack, sameTrouble } from "../../lib/sla/incident-state.ts";
import type { FailoverRequest } from "../failover/contract.ts";
import { type Judged, judge, type Pacer } from "./judge.ts";
import type { Observation } from "./observe.ts";
import { failoverFor, owedFor } from "./owe.ts";
import {
  incidentOfRegion,
  type RegionClaims,
  type RegionRound,
  regionRound,
} from "./region-watch.ts";
import { type Entry, judgedAt, type Owed, type ShardState } from "./shard-state.ts";

/** All that one look saw. */
export interface Look {
  /** ISO 8601 instant of the schedule. */
  readonly slot: string;
  readonly observations: readonly Observation[];
  /** What other sites judged last of instances that are new here. */
  readonly inherited: ReadonlyMap<string, Entry>;
  /** Of regions found lost with this look. */
  readonly claims?: RegionClaims;
  /** By instance: windows of maintenance that hold its failover back. */
  readonly held?: ReadonlyMap<string, HeldBack>;
}

export interface Place {
  readonly site: string;
  readonly control: string;
  readonly pacer: Pacer;
  /** Of the whole fleet. */
  readonly shards: number;
}

export interface Advance {
  readonly state: ShardState;
  /** By instance; without those for which the look came too late. */
  readonly judged: ReadonlyMap<string, Judged>;
  readonly failovers: readonly FailoverRequest[];
}

/** A look applied to a shard's state. A look nobody waits for any more gives the same state back. */
export function advance(state: ShardState, look: Look, place: Place): Advance {
  const verdicts = look.observations.flatMap((seen) => judgedNow(state, seen, look, place));
  if (verdicts.length === 0) return { state, judged: new Map(), failovers: [] };
  const judged = new Map(verdicts.map(({ id, outcome }) => [id, outcome]));
  const instances = {
    ...state.instances,
    ...Object.fromEntries(verdicts.map(({ id, outcome }) => [id, outcome.entry])),
    ...stamped(verdicts, ({ before }) => before?.within),
  };
  const round = regionRoundOf(state.shard, place, look);
  const { regions, owed: ofRegions } = regionRound(state.regions ?? {}, instances, round);
  const partOf = ({ outcome: { entry }, before }: Verdict) =>
    incidentOfRegion(regions, entry) ?? before?.within;
  const known = new Set(state.owed.map(({ id }) => id));
  const owed = verdicts
    .flatMap((each) => owedFor(each.outcome, each.seen, place.control, partOf(each)))
    .concat(ofRegions)
    .filter(({ id }): boolean => !known.has(id));
  return {
    state: {
      ...state,
      lastSlot: newestOf(state.lastSlot, look.slot),
      instances: { ...instances, ...stamped(verdicts, partOf) },
      regions,
      owed: [...state.owed, ...owed] satisfies readonly Owed[],
    },
    judged,
    failovers: verdicts.flatMap((each) => failoverFor(each.outcome, each.seen, partOf(each))),
  };
}

/** Nobody is looked at here any more, so no region incident is open here. */
export function afterLast(state: ShardState, slot: string, place: Place): ShardState {
  const open = state.regions ?? {};
  if (Object.keys(open).length === 0) return state;
  const { regions, owed } = regionRound(open, {}, regionRoundOf(state.shard, place, { slot }));
  return { ...state, regions, owed: [...state.owed, ...owed] };
}

/** Plan seconds: three rounds of the slowest cadence. */
const STALE_AFTER_SECONDS = 180;

const regionRoundOf = (
  shard: string,
  { site, control, pacer, shards }: Place,
  { slot, claims }: Pick<Look, "slot" | "claims">,
): RegionRound => ({
  ...{ slot, site, control, shard, shards },
  ...(claims && { claims }),
  staleAfterMs: pacer.paced(STALE_AFTER_SECONDS),
});

interface Verdict {
  readonly id: string;
  readonly seen: Observation;
  readonly outcome: Judged;
  readonly before: Entry | undefined;
}

/** Who takes an instance over knows of what its incident is a part. */
const stamped = (verdicts: readonly Verdict[], partOf: (verdict: Verdict) => string | undefined) =>
  Object.fromEntries(
    verdicts.flatMap((verdict) => {
      const { id, outcome } = verdict;
      const within = outcome.entry.incident.kind === "down" ? partOf(verdict) : undefined;
      return within === undefined ? [] : [[id, { ...outcome.entry, within }] as const];
    }),
  );

function judgedNow(
  state: ShardState,
  seen: Observation,
  look: Look,
  { site, pacer }: Place,
): Verdict[] {
  const { instance, owner } = seen.subject.roles;
  const before = newer(state.instances[instance], look.inherited.get(instance));
  const held = look.held?.get(instance);
  const may = { mayStart: owner === site, ...(held && { held }) };
  const outcome = judge(before, seen, { slot: look.slot, ...may }, pacer);
  // The machine hands back the very state it was given when a slot is not newer than its last.
  const late = before !== undefined && outcome.entry.incident === before.incident;
  return late ? [] : [{ id: instance, seen, outcome, before }];
}

function newer(own: Entry | undefined, inherited: Entry | undefined): Entry | undefined {
  if (!own || !inherited || judgedAt(inherited) <= judgedAt(own)) return own ?? inherited;
  return { ...inherited, incident: sameTrouble(own.incident, inherited.incident) };
}

const newestOf = (one: string, other: string) =>
  Date.parse(other) > Date.parse(one) ? other : one;
