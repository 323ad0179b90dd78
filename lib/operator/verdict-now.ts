import type { InstanceState } from "../sla/incident-state.ts";
import type { Verdict } from "../sla/verdict.ts";

/** What the newest round said, from what the incident machine remembers of it. */
export function newestVerdict(state: InstanceState): Verdict {
  switch (state.kind) {
    case "healthy":
      return state.lastSlot !== undefined && state.lastGoodAt === state.lastSlot ? "up" : "unknown";
    case "suspected":
      return state.lastBadAt === state.lastSlot ? "down" : "unknown";
    case "down":
      return state.goodRounds > 0 ? "up" : "down";
    default:
      return state satisfies never;
  }
}
