import type { Evidence, FenceOutcome, Fit, Shown } from "./case.ts";
import type { FailoverRequest, FailoverStep } from "./contract.ts";
import { isPlanned } from "./planned.ts";

/** What the disaster cost, in real seconds. */
export interface Measured {
  /** From the first bad round (of a planned failover: the fence, or the switchover) to the first good page through the new records. */
  readonly rtoSeconds: number;
  /** The same from the last good round: the outage was not longer than this. */
  readonly rtoAtMostSeconds?: number;
  /** From the newest heartbeat that arrived to the first bad round (a living primary: to the fence). */
  readonly rpoSeconds?: number;
  /** Not a bound: the standby had replayed the position at which the fenced primary stopped. */
  readonly rpoMeasuredAt?: string;
  /** Not measured: RDS says that its switchover loses nothing. */
  readonly rpoBySwitchover?: true;
  /** Not a bound: whoever takes over within a cluster has what was acknowledged, and had the newest heartbeat that was seen before. */
  readonly rpoByCluster?: true;
  /** The old primary may acknowledge writes that nobody here will have: it is not fenced, or its sessions are not ended. */
  readonly rpoProvisional?: true;
}

export function measured(shown: Shown): Measured {
  const { request, goodAt, standbyBeat, timeline, evidence, fence } = shown;
  const { firstBadAt, lastGoodAt } = request;
  if (shown.drained)
    return {
      ...outagePlanned(shown, "fence"),
      rpoSeconds: 0,
      rpoMeasuredAt: shown.drained.position,
    };
  if (fence.kind === "switchover")
    return { ...outagePlanned(shown, "promote"), rpoSeconds: 0, rpoBySwitchover: true };
  if (fence.kind === "one writer") return measuredWithin(shown);
  const written = { request: { ...request, firstBadAt: writtenUntil(request, timeline) } };
  const rpoSeconds = lossBound({
    ...written,
    evidence,
    ...(standbyBeat !== undefined && { standbyBeat }),
  });
  return {
    rtoSeconds: seconds(firstBadAt, goodAt),
    ...(lastGoodAt !== undefined && { rtoAtMostSeconds: seconds(lastGoodAt, goodAt) }),
    ...(rpoSeconds !== undefined && { rpoSeconds }),
    ...(mayAcknowledge(fence) && { rpoProvisional: true as const }),
  };
}

function measuredWithin(shown: Shown): Measured {
  const { request, goodAt } = shown;
  const { firstBadAt, lastGoodAt } = request;
  const missing = missingIn(shown);
  const loss = {
    rpoByCluster: true,
    ...(missing !== undefined && { rpoSeconds: missing }),
  } as const;
  if (isPlanned(request)) return { ...outagePlanned(shown, "promote"), ...loss };
  return {
    rtoSeconds: seconds(firstBadAt, goodAt),
    ...(lastGoodAt !== undefined && { rtoAtMostSeconds: seconds(lastGoodAt, goodAt) }),
    ...loss,
  };
}

/** Seconds of heartbeats that the old writer has shown and the new one had not: then RDS has not kept its word. */
function missingIn({ request, evidence, standbyBeat, beatFound }: Shown): number | undefined {
  const before = [request.lastSeen?.primaryBeat, beatIn(evidence.primary), standbyBeat].filter(
    (at) => at !== undefined,
  );
  if (before.length === 0) return 0;
  if (beatFound === undefined) return undefined;
  return Math.max(0, ...before.map((at) => seconds(beatFound, at)));
}

const beatIn = (said: Evidence["primary"] | undefined) =>
  said?.answered ? said.reading.beat?.at : undefined;

const mayAcknowledge = (fence: FenceOutcome) =>
  fence.kind === "debt" || (fence.kind === "quarantined" && fence.unsevered === true);

/** @param first step that keeps clients out */
function outagePlanned(
  { timeline, goodAt, request }: Shown,
  first: FailoverStep,
): Pick<Measured, "rtoSeconds"> {
  const closed = timeline.findLast(({ step }) => step === first);
  const began = closed ? Date.parse(closed.at) - closed.tookMs : Date.parse(request.firstBadAt);
  return { rtoSeconds: (Date.parse(goodAt) - began) / 1000 };
}

/** A primary that was moved away alive acknowledged writes until it was fenced, whatever began it. */
function writtenUntil(
  { accept, firstBadAt, recovery }: FailoverRequest,
  timeline: Shown["timeline"],
): string {
  const fencedAt = timeline.findLast(({ step }) => step === "fence")?.at;
  const wasAlive = accept?.includes("HaltStillAlive") || recovery?.at !== undefined;
  return wasAlive && fencedAt !== undefined ? fencedAt : firstBadAt;
}

/** Undefined: the standby never showed a heartbeat, so nothing bounds the loss. */
export const lossBound = (known: Bound): number | undefined =>
  known.standbyBeat === undefined
    ? undefined
    : Math.max(0, seconds(known.standbyBeat, servedUntil(known)));

interface Bound extends Pick<Fit, "request" | "standbyBeat"> {
  readonly evidence?: Evidence;
}

/**
 * Until when somebody's write may have been acknowledged. A page may be bad long before its database dies: what
 * was seen of either later than the first bad round counts.
 */
function servedUntil({ request, evidence }: Bound): string {
  const { firstBadAt, lastGoodAt = firstBadAt, lastSeen } = request;
  return [lastGoodAt, lastSeen?.primaryBeat, beatIn(evidence?.primary)]
    .filter((at) => at !== undefined)
    .reduce((latest, at) => (Date.parse(at) > Date.parse(latest) ? at : latest), firstBadAt);
}

const seconds = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 1000;
