import type { Judgement, Round, WatchRules } from "./incident.ts";
import type { Down, HeldBack, WatchEvent, Withheld } from "./incident-state.ts";

type Decision =
  | { readonly kind: "wait" }
  | { readonly kind: "application-down" }
  | { readonly kind: "no-standby" }
  | { readonly kind: "withheld"; readonly because: Exclude<Withheld, "maintenance"> }
  | { readonly kind: "held-back"; readonly held: HeldBack }
  | { readonly kind: "due" };

/** What a bad round of an open incident calls for; what has been told once is not told again. */
export function recoveryEvents(open: Down, round: Round, rules: WatchRules): Judgement {
  const state = moved(open, round, rules);
  const decision = decide(state, round, rules);
  const common = { incident: state.incident, at: round.slot };
  switch (decision.kind) {
    case "wait":
      return { state, events: [] };
    case "due":
      return { state, events: [{ kind: "failover-due", ...common, ...since(state, rules) }] };
    case "withheld":
      return once(state, decision.because, {
        kind: "failover-withheld",
        ...common,
        because: decision.because,
      });
    case "held-back":
      return once(state, "maintenance", {
        kind: "failover-withheld",
        ...{ ...common, because: "maintenance", held: decision.held },
      });
    case "application-down":
    case "no-standby":
      return once(state, decision.kind, { kind: decision.kind, ...common });
    default:
      return decision satisfies never;
  }
}

/** The order matters: first whether the database is gone, then whether it is time, then who may act. */
function decide(state: Down, round: Round, rules: WatchRules): Decision {
  if (round.database === "advancing") {
    return { kind: isSettling(state, round, rules) ? "wait" : "application-down" };
  }
  if ((state.startedEpoch ?? 0) >= rules.epoch) return { kind: "wait" };
  if (!databaseIsGone(round)) return unclear(state, round, rules);
  if (!rules.hasStandby) return nothingStandsBy(state);
  if (!multiAzHadItsTime(state, round, rules)) return { kind: "wait" };
  return permitted(round, rules);
}

function permitted(
  { primaryRegionAnswers }: Round,
  { mode, held, mayStart }: WatchRules,
): Decision {
  if (mode === "alert-only") return { kind: "withheld", because: mode };
  // Nobody works on what is gone: a region that does not answer is no maintenance.
  if (held && primaryRegionAnswers) return { kind: "held-back", held };
  return mayStart ? { kind: "due" } : { kind: "withheld", because: "not-owner" };
}

/** A doubt that passes by itself is told to nobody, one that stays to a person: nothing else would move. */
function unclear(state: Down, { slot }: Round, rules: WatchRules): Decision {
  const doubtfulMs = Date.parse(slot) - Date.parse(newRolesAt(state) ?? state.firstBadAt);
  const patienceMs = rules.multiAzWaitMs + rules.suspicionExpiresMs + rules.settleMs;
  return doubtfulMs < patienceMs ? { kind: "wait" } : { kind: "withheld", because: "unclear" };
}

/** Remembers the first round with another primary, and under the roles that a failover of this incident led to. */
function moved(state: Down, { slot }: Round, { epoch, primary }: WatchRules): Down {
  const isSeated = state.seatedAt === undefined && primary !== (state.openedPrimary ?? primary);
  const isMoved = state.movedAt === undefined && epoch > (state.startedEpoch ?? epoch);
  return { ...state, ...(isSeated && { seatedAt: slot }), ...(isMoved && { movedAt: slot }) };
}

const newRolesAt = ({ movedAt, seatedAt }: Down) => movedAt ?? seatedAt;

/** Names in caches and pools with dead connections need a while; that is no application to look at. */
function isSettling(state: Down, { slot }: Round, { settleMs }: WatchRules): boolean {
  const at = newRolesAt(state);
  return at !== undefined && Date.parse(slot) - Date.parse(at) < settleMs;
}

/** After a failover of this very incident there is none by design, and nothing to alert anybody of. */
const nothingStandsBy = ({ startedEpoch, seatedAt }: Down): Decision => ({
  kind: startedEpoch === undefined && seatedAt === undefined ? "no-standby" : "wait",
});

/**
 * A heartbeat nobody could read is no sign of death while the primary's region answers: then it is the
 * reader that fails. If the region is gone as well, waiting for a better sign would wait for ever.
 */
const databaseIsGone = ({ database, primaryRegionAnswers }: Round) =>
  database === "silent" || (database === "unknown" && !primaryRegionAnswers);

/** A region that does not answer has no second data center to switch to. */
const multiAzHadItsTime = (state: Down, round: Round, { multiAzWaitMs }: WatchRules) =>
  !round.primaryRegionAnswers ||
  Date.parse(round.slot) - Date.parse(state.firstBadAt) >= multiAzWaitMs;

const since = ({ firstBadAt, lastGoodAt }: Down, { epoch }: WatchRules) => ({
  epoch,
  firstBadAt,
  ...(lastGoodAt !== undefined && { lastGoodAt }),
});

function once(state: Down, what: string, event: WatchEvent): Judgement {
  if (state.told.includes(what)) return { state, events: [] };
  return { state: { ...state, told: [...state.told, what] }, events: [event] };
}
