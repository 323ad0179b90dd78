import { isRegional } from "../../lib/sla/clusters.ts";
import { judgeRound, type Round, type WatchRules } from "../../lib/sla/incident.ts";
import { UNSEEN, type WatchEvent } from "../../lib/sla/incident-state.ts";
import type { Observation } from "./observe.ts";
import type { Entry } from "./shard-state.ts";
import { isFresh, type SeenBeats, seenBeats, signOfLife } from "./sign-of-life.ts";

/** Divides the durations of a plan; `kernel/clock` is one. */
export interface Pacer {
  paced(seconds: number): number;
}

export interface Judged {
  readonly entry: Entry;
  readonly round: Round;
  readonly events: readonly WatchEvent[];
}

/** A suspicion without another bad look for as long as this many openings would take is forgotten. */
const EXPIRES_AFTER_OPENINGS = 4;
/** Plan seconds beside the TTL in which clients of a new primary reconnect: docs/plans.md. */
const RECONNECT_SECONDS = 120;

/** One observation through the incident machine, with what earlier looks remember. */
export function judge(
  before: Entry | undefined,
  seen: Observation,
  { slot, ...may }: Permission & { readonly slot: string },
  pacer: Pacer,
): Judged {
  const rules = rulesOf(seen, may, pacer);
  // Another server is primary in another epoch: its heartbeats are counted from anew.
  const beats = (before?.epoch === rules.epoch && before.beats) || {};
  const beatMs = pacer.paced(rules.watch.everySeconds);
  const round = roundOf(seen, slot, beats, beatMs);
  const { state, events } = judgeRound(before?.incident ?? UNSEEN, round, rules);
  const lastSeen = (round.verdict === "up" && lastSeenIn(seen, beatMs)) || before?.lastSeen;
  return {
    entry: {
      epoch: rules.epoch,
      incident: state,
      region: seen.subject.roles.primary.region,
      regionAnswers: round.primaryRegionAnswers,
      beats: seenBeats(seen, beats),
      ...(lastSeen && { lastSeen }),
    },
    round,
    events,
  };
}

function roundOf(seen: Observation, slot: string, before: SeenBeats, beatMs: number): Round {
  const { verdict, primary, standby, primaryRegionAnswers } = seen;
  const pulses = { primary, ...(standby && { standby }), before, beatMs, slot };
  const regionAnswers = answersAtAll({ primaryRegionAnswers, primary });
  return { slot, verdict, database: signOfLife(pulses), primaryRegionAnswers: regionAnswers };
}

/** Our function in the region has answered, whatever the API of RDS does: the region is not lost. */
const answersAtAll = ({
  primaryRegionAnswers,
  primary,
}: Pick<Observation, "primaryRegionAnswers" | "primary">) =>
  primaryRegionAnswers || primary.kind !== "unasked";

/** In a cluster of one region another member takes over, as long as there is somebody to ask for that. */
const isMovable = (seen: Observation) => isRegional(seen.subject.instance) && answersAtAll(seen);

/** Whether a failover may begin by itself, as far as that is not what was seen. */
type Permission = Pick<WatchRules, "mayStart" | "held">;

function rulesOf(seen: Observation, may: Permission, pacer: Pacer): WatchRules {
  const { instance, plan, roles } = seen.subject;
  const { badRounds, everySeconds } = plan.watch;
  return {
    watch: plan.watch,
    multiAzWaitMs: pacer.paced(plan.multiAz.waitSeconds),
    suspicionExpiresMs: pacer.paced(EXPIRES_AFTER_OPENINGS * badRounds * everySeconds),
    settleMs: pacer.paced(instance.dns.ttl + RECONNECT_SECONDS),
    mode: instance.failover,
    hasStandby: roles.standby !== undefined || isMovable(seen),
    ...may,
    epoch: roles.epoch,
    primary: `${roles.primary.region}/${roles.primary.database}`,
  };
}

type LastSeen = NonNullable<Entry["lastSeen"]>;

/** Nothing if the standby did not answer: an earlier look then says more. What its writer has, a cluster has. */
function lastSeenIn(seen: Observation, beatMs: number): LastSeen | undefined {
  const { primary, standby, subject } = seen;
  const primaryBeat = primary.kind === "answered" ? primary.reading.beat?.at : undefined;
  if (primaryBeat !== undefined && isRegional(subject.instance)) {
    return { primaryBeat, streaming: true };
  }
  if (standby?.kind !== "answered") return undefined;
  const standbyBeat = standby.reading.beat?.at;
  return {
    ...(standbyBeat !== undefined && { standbyBeat }),
    ...(primaryBeat !== undefined && { primaryBeat }),
    // A primary may die between the probes and this reading: a fresh beat came over a living stream too.
    streaming: standby.reading.streaming || isFresh({ standby }, beatMs),
  };
}
