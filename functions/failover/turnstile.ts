import type { Clock } from "../kernel/clock.ts";

/** Lets callers through one after the other, at most so many in a second of plan time. */
export function turnstile(clock: Clock, perSecond: number): () => Promise<void> {
  let next = Number.NEGATIVE_INFINITY;
  return async () => {
    const turn = Math.max(clock.now().getTime(), next);
    next = turn + clock.paced(1 / perSecond);
    await clock.until(new Date(turn));
  };
}
