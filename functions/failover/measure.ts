import type { Fit, Shown } from "./case.ts";
import type { FailoverRequest } from "./contract.ts";

/** What the disaster cost, in real seconds. */
export interface Measured {
  /** From the first bad round to the first good page through the new records. */
  readonly rtoSeconds: number;
  /** The same from the last good round: the outage was not longer than this. */
  readonly rtoAtMostSeconds?: number;
  /** From the newest heartbeat that arrived to the first bad round (a living primary: to the fence). */
  readonly rpoSeconds?: number;
  /** The old primary is not fenced: it may acknowledge writes that nobody here will have. Until its debt is paid. */
  readonly rpoProvisional?: true;
}

export function measured({ request, goodAt, standbyBeat, timeline, fence }: Shown): Measured {
  const { firstBadAt, lastGoodAt } = request;
  const written = { request: { ...request, firstBadAt: writtenUntil(request, timeline) } };
  const rpoSeconds = lossBound({ ...written, ...(standbyBeat !== undefined && { standbyBeat }) });
  return {
    rtoSeconds: seconds(firstBadAt, goodAt),
    ...(lastGoodAt !== undefined && { rtoAtMostSeconds: seconds(lastGoodAt, goodAt) }),
    ...(rpoSeconds !== undefined && { rpoSeconds }),
    ...(fence.kind === "debt" && { rpoProvisional: true as const }),
  };
}

/** A primary that was moved away alive acknowledged writes until it was fenced, whatever began it. */
function writtenUntil(
  { accept, firstBadAt }: FailoverRequest,
  timeline: Shown["timeline"],
): string {
  const fencedAt = timeline.findLast(({ step }) => step === "fence")?.at;
  return accept?.includes("HaltStillAlive") && fencedAt !== undefined ? fencedAt : firstBadAt;
}

/** Undefined: the standby never showed a heartbeat, so nothing bounds the loss. */
export const lossBound = ({
  request,
  standbyBeat,
}: Pick<Fit, "request" | "standbyBeat">): number | undefined =>
  standbyBeat === undefined ? undefined : Math.max(0, seconds(standbyBeat, request.firstBadAt));

const seconds = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 1000;
