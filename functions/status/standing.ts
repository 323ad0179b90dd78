import { isInForce, type Window } from "../../lib/sla/books/window.ts";
import type { InstanceState } from "../../lib/sla/incident-state.ts";

export type State = "up" | "down" | "maintenance" | "unknown";

/** How an instance is now. */
export interface Standing {
  readonly state: State;
  /** ISO 8601; absent: it was never otherwise, as far as the watch remembers. */
  readonly since?: string;
}

/**
 * What the newest look says. Down from the first bad round of an incident that is open; a suspicion is none yet. Unknown
 * where nobody has looked, or no look has told good from bad, for longer than `lateMs`.
 */
export function standing(seen: InstanceState | undefined, now: Date, lateMs: number): Standing {
  if (seen?.lastSlot === undefined) return { state: "unknown" };
  const { lastSlot } = seen;
  if (now.getTime() - Date.parse(lastSlot) > lateMs) return { state: "unknown", since: lastSlot };
  if (seen.kind === "down") return { state: "down", since: seen.firstBadAt };
  const told = [seen.lastGoodAt, seen.kind === "suspected" ? seen.lastBadAt : undefined];
  const last = told
    .flatMap((at) => at ?? [])
    .toSorted()
    .at(-1);
  if (last === undefined) return { state: "unknown" };
  const isBlind = Date.parse(lastSlot) - Date.parse(last) > lateMs;
  return isBlind ? { state: "unknown", since: last } : { state: "up" };
}

/** What is down in a window of maintenance, and was not before, is in maintenance. */
export function inMaintenance(
  standing: Standing,
  windows: readonly Window[],
  nowMs: number,
): Standing {
  const { state, since } = standing;
  if (state !== "down" || since === undefined) return standing;
  const isPlanned = windows.some(
    (window) => isInForce(window, nowMs) && window.fromMs <= Date.parse(since),
  );
  return isPlanned ? { state: "maintenance", since } : standing;
}
