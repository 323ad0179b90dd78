import type { Plan } from "./plan.ts";

export interface WaitsInput {
  readonly plan: Pick<Plan, "watch" | "multiAz">;
  readonly ttlSeconds: number;
  /** By how much configured waits are divided; 1 on AWS. */
  readonly pace: number;
  /** Real seconds under which a divided TTL does not go; the cadence has no floor. */
  readonly floors?: { readonly ttlSeconds: number };
}

const FLOORS = { ttlSeconds: 1 };

/** Real seconds a failover waits by configuration: bad rounds × cadence + Multi-AZ wait + TTL, nothing else. */
export function waitsSeconds({ plan, ttlSeconds, pace, floors = FLOORS }: WaitsInput): number {
  const ttl = Math.max(ttlSeconds / pace, floors.ttlSeconds);
  return noticeSeconds(plan) / pace + ttl;
}

/** How long the configuration has a failover wait before it begins: bad rounds × cadence + Multi-AZ wait. */
export const noticeSeconds = ({ watch, multiAz }: WaitsInput["plan"]): number =>
  watch.badRounds * watch.everySeconds + multiAz.waitSeconds;
