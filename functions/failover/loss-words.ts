import type { Admitted, Begun, Evidence } from "./case.ts";
import { lossBound } from "./measure.ts";
import { isPlanned } from "./planned.ts";

/** What promoting the standby would lose, in a sentence. */
export function lossWords(current: Begun | Admitted): string {
  if (isPlanned(current.request)) return "A planned failover promotes only where nothing is lost.";
  const beat = "standbyBeat" in current ? (current.standbyBeat as string) : lastSeen(current);
  if (current.request.accept?.includes("HaltStillAlive")) {
    return `Promoting the standby loses what the primary commits after the standby's newest heartbeat${beat ? `, now ${beat}` : ""}.`;
  }
  const evidence = "evidence" in current ? { evidence: current.evidence as Evidence } : {};
  const { request } = current;
  const bound = lossBound({ request, ...evidence, ...(beat && { standbyBeat: beat }) });
  return bound === undefined
    ? "What promoting the standby would lose is not known: no heartbeat was read on it."
    : `Promoting the standby loses at most the ${bound.toFixed(1)} s of writes after its newest heartbeat ${beat}.`;
}

const lastSeen = ({ request }: Begun) => request.lastSeen?.standbyBeat;
