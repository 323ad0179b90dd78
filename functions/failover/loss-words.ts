import type { Admitted, Begun, Evidence } from "./case.ts";
import { lossBound } from "./measure.ts";
import { staysIn } from "./members.ts";
import { isPlanned } from "./planned.ts";
import { isRecovery, pointInWords } from "./recover-case.ts";

/** What promoting the standby would lose, in a sentence. */
export function lossWords(current: Begun | Admitted): string {
  const none = noneLost(current);
  if (none !== undefined) return none;
  if (isRecovery(current))
    return `What is restored holds the ${pointInWords(current.restored.point)}.`;
  if (current.request.recovery) return "Nothing was restored.";
  const beat = newestBeat(current);
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

function noneLost(current: Begun | Admitted): string | undefined {
  if ("before" in current && staysIn(current.before)) {
    return "Another member of the cluster has what was acknowledged: nothing is lost by its taking over.";
  }
  return isPlanned(current.request)
    ? "A planned failover promotes only where nothing is lost."
    : undefined;
}

/** As late as it is known: preflight's, that of the evidence, that of the last good round. */
function newestBeat(current: Begun | Admitted): string | undefined {
  if ("standbyBeat" in current) return current.standbyBeat as string;
  const standby = "evidence" in current ? (current.evidence as Evidence).standby : undefined;
  const read = standby?.answered ? standby.reading.beat?.at : undefined;
  return read ?? current.request.lastSeen?.standbyBeat;
}
