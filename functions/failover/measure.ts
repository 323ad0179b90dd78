import type { Fit, Shown } from "./case.ts";

/** What the disaster cost, in real seconds. */
export interface Measured {
  /** From the first bad round to the first good page through the new records. */
  readonly rtoSeconds: number;
  /** The same from the last good round: the outage was not longer than this. */
  readonly rtoAtMostSeconds?: number;
  /** From the newest heartbeat that arrived to the first bad round: not more was lost. */
  readonly rpoSeconds?: number;
}

export function measured({ request, goodAt, standbyBeat }: Shown): Measured {
  const { firstBadAt, lastGoodAt } = request;
  const rpoSeconds = lossBound({ request, ...(standbyBeat !== undefined && { standbyBeat }) });
  return {
    rtoSeconds: seconds(firstBadAt, goodAt),
    ...(lastGoodAt !== undefined && { rtoAtMostSeconds: seconds(lastGoodAt, goodAt) }),
    ...(rpoSeconds !== undefined && { rpoSeconds }),
  };
}

/** Undefined: the standby never showed a heartbeat, so nothing bounds the loss. */
export const lossBound = ({
  request,
  standbyBeat,
}: Pick<Fit, "request" | "standbyBeat">): number | undefined =>
  standbyBeat === undefined ? undefined : Math.max(0, seconds(standbyBeat, request.firstBadAt));

const seconds = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 1000;
