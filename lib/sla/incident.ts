import type { FailoverMode } from "./fleet.ts";
import {
  type HeldBack,
  type InstanceState,
  incidentIdOf,
  type WatchEvent,
} from "./incident-state.ts";
import type { Watch } from "./plan.ts";
import { recoveryEvents } from "./recovery-decision.ts";
import type { Verdict } from "./verdict.ts";

/** What one look says of one instance. */
export interface Round {
  /** Instant of the schedule, not of a clock: ISO 8601, UTC, milliseconds. */
  readonly slot: string;
  readonly verdict: Verdict;
  /** From the heartbeat as the standby sees it; `unknown` if nobody could read it. */
  readonly database: "advancing" | "silent" | "unknown";
  /** Whether the region of the primary answers API calls. */
  readonly primaryRegionAnswers: boolean;
}

/** What the plan, the fleet and the present roles say; real milliseconds, already divided by the pace. */
export interface WatchRules {
  readonly watch: Watch;
  /** What RDS's own failover is given, counted from the first bad round. */
  readonly multiAzWaitMs: number;
  /** A suspicion without a further bad round for this long is forgotten. */
  readonly suspicionExpiresMs: number;
  /** What clients are given to find the new primary after a failover, before the application is blamed. */
  readonly settleMs: number;
  readonly mode: FailoverMode;
  readonly hasStandby: boolean;
  /** False where a site watches in another's stead: it may tell, not act. */
  readonly mayStart: boolean;
  /** A person asked that none begins by itself now. */
  readonly held?: HeldBack;
  /** Of the roles the decision would be taken on. */
  readonly epoch: number;
  /** Of these roles: region and database. */
  readonly primary: string;
}

export interface Judgement {
  readonly state: InstanceState;
  readonly events: readonly WatchEvent[];
}

/**
 * One round through the incident machine.
 *
 * A round that is not newer than the last one changes nothing, so a duplicated or late invocation is
 * harmless; a slot nobody looked at is like an unknown one: it neither counts nor resets. `badRounds`
 * consecutive bad rounds open, `goodRounds` consecutive good ones close; in between the other kind
 * starts the count again. An instance that alternates therefore never opens, and once open never
 * closes: one incident, not many.
 */
export function judgeRound(state: InstanceState, round: Round, rules: WatchRules): Judgement {
  if (state.lastSlot !== undefined && Date.parse(round.slot) <= Date.parse(state.lastSlot)) {
    return { state, events: [] };
  }
  const current = { ...forgetting(state, round, rules), lastSlot: round.slot };
  switch (round.verdict) {
    case "unknown":
      return { state: current, events: [] };
    case "up":
      return afterGood(current, round, rules);
    case "down":
      return afterBad(current, round, rules);
    default:
      return round.verdict satisfies never;
  }
}

function forgetting(state: InstanceState, round: Round, rules: WatchRules): InstanceState {
  if (state.kind !== "suspected") return state;
  const silentFor = Date.parse(round.slot) - Date.parse(state.lastBadAt);
  return silentFor > rules.suspicionExpiresMs ? healthy(round.slot, state.lastGoodAt) : state;
}

function afterGood(state: InstanceState, round: Round, { watch }: WatchRules): Judgement {
  if (state.kind !== "down") return { state: healthy(round.slot, round.slot), events: [] };
  const firstGoodAt = state.firstGoodAt ?? round.slot;
  const goodRounds = state.goodRounds + 1;
  if (goodRounds < watch.goodRounds) {
    return { state: { ...state, goodRounds, firstGoodAt }, events: [] };
  }
  const { incident, firstBadAt } = state;
  return {
    state: healthy(round.slot, round.slot),
    events: [{ kind: "incident-closed", incident, at: round.slot, firstBadAt, firstGoodAt }],
  };
}

function afterBad(state: InstanceState, round: Round, rules: WatchRules): Judgement {
  if (state.kind === "down") return recoveryEvents(relapsed(state), round, rules);
  const firstBadAt = state.kind === "suspected" ? state.firstBadAt : round.slot;
  const badRounds = (state.kind === "suspected" ? state.badRounds : 0) + 1;
  const known = { lastSlot: round.slot, ...lastGood(state.lastGoodAt), firstBadAt };
  if (badRounds < rules.watch.badRounds) {
    const suspected = { kind: "suspected", ...known, lastBadAt: round.slot, badRounds } as const;
    return { state: suspected, events: [] };
  }
  const incident = incidentIdOf(firstBadAt);
  const { lastSlot, ...since } = known;
  const opened = { kind: "incident-opened", incident, at: lastSlot, ...since } as const;
  const fresh = { goodRounds: 0, told: [], openedPrimary: rules.primary };
  const down = { kind: "down", ...known, incident, ...fresh } as const;
  const recovery = recoveryEvents(down, round, rules);
  return { state: recovery.state, events: [opened, ...recovery.events] };
}

function relapsed(state: Extract<InstanceState, { kind: "down" }>) {
  const { firstGoodAt: _, ...rest } = state;
  return { ...rest, goodRounds: 0 };
}

const healthy = (lastSlot: string, lastGoodAt?: string): InstanceState => ({
  kind: "healthy",
  lastSlot,
  ...lastGood(lastGoodAt),
});

const lastGood = (lastGoodAt?: string) => (lastGoodAt === undefined ? {} : { lastGoodAt });
