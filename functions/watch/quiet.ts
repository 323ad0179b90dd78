import type { Advance } from "./advance.ts";
import type { ShardState } from "./shard-state.ts";

/**
 * Whether a look found nothing but what was known: all healthy before and after, nothing to tell, nothing to start. It may be written with the
 * next one; who loses it with its process loses the instants of a good look.
 */
export function isQuiet(before: ShardState, { state, judged, failovers }: Advance): boolean {
  const isHealthy = ({ instances }: ShardState, id: string) =>
    instances[id]?.incident.kind === "healthy";
  return (
    failovers.length === 0 &&
    before.owed.length + state.owed.length === 0 &&
    Object.keys({ ...before.regions, ...state.regions }).length === 0 &&
    [...judged].every(
      ([id, { events, entry }]) =>
        events.length === 0 &&
        isHealthy(before, id) &&
        isHealthy(state, id) &&
        before.instances[id]?.epoch === entry.epoch,
    )
  );
}
