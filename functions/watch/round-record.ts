import type { InstanceLook, LookRecord } from "./contract.ts";
import type { Judged } from "./judge.ts";
import type { Observation } from "./observe.ts";

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

function rowOf({ votes, reason, tls }: Observation, { entry, round }: Judged): InstanceLook {
  const beat = entry.beats.standby ?? entry.beats.primary;
  return {
    epoch: entry.epoch,
    verdict: round.verdict,
    votes: Object.fromEntries(votes.map(({ vantage, says }) => [vantage, says])),
    database: round.database,
    ...(beat && { beatAt: beat.at }),
    ...(reason !== undefined && { reason }),
    ...(tls && { tls }),
  };
}
