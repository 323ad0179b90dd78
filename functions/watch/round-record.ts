import type { Round } from "../../lib/sla/incident.ts";
import type { Verdict, Vote } from "../../lib/sla/verdict.ts";
import type { Judged } from "./judge.ts";
import type { Observation } from "./observe.ts";

/** All looks of one invocation, written once: `rounds/…`. */
export interface RoundRecord {
  readonly shard: string;
  readonly site: string;
  readonly scheduledTime: string;
  readonly looks: readonly LookRecord[];
}

export interface LookRecord {
  readonly slot: string;
  readonly instances: Readonly<Record<string, InstanceRecord>>;
}

interface InstanceRecord {
  readonly epoch: number;
  readonly verdict: Verdict;
  /** By vantage. */
  readonly votes: Readonly<Record<string, Vote["says"]>>;
  readonly database: Round["database"];
  /** ISO 8601, by the primary's clock: newest heartbeat seen on the standby, else on the primary. */
  readonly beatAt?: string;
  readonly reason?: string;
}

/** What stays of a look: only what was taken into account. */
export function lookRecord(
  slot: string,
  observations: readonly Observation[],
  judged: ReadonlyMap<string, Judged>,
): LookRecord {
  const rows = observations.flatMap((seen) => {
    const { instance } = seen.subject.roles;
    const outcome = judged.get(instance);
    return outcome ? [[instance, rowOf(seen, outcome)] as const] : [];
  });
  return { slot, instances: Object.fromEntries(rows) };
}

function rowOf({ votes, reason }: Observation, { entry, round }: Judged): InstanceRecord {
  const beat = entry.beats.standby ?? entry.beats.primary;
  return {
    epoch: entry.epoch,
    verdict: round.verdict,
    votes: Object.fromEntries(votes.map(({ vantage, says }) => [vantage, says])),
    database: round.database,
    ...(beat && { beatAt: beat.at }),
    ...(reason !== undefined && { reason }),
  };
}
