import type { Beat, Reading } from "./contract.ts";

/** Milliseconds: two beats of the slowest watch that clusters may have. */
const FOLLOWS_WITHIN = 120_000;

/** A member of a cluster of itself. */
export interface FollowerRow {
  readonly now: Date;
  /** It takes no writes. */
  readonly inRecovery: boolean;
  readonly sessions: number;
}

/** Without positions. What lies in its storage is applied: a follower never has anything left to replay. */
export function followingByHeartbeat(
  { now, inRecovery, sessions }: FollowerRow,
  beat: Beat | undefined,
): Reading {
  const ageMs = beat && now.getTime() - Date.parse(beat.at);
  return {
    ...(beat && { beat }),
    ...{ now: now.toISOString(), inRecovery, sessions },
    ...(inRecovery && { undrainedBytes: 0 }),
    streaming: inRecovery && ageMs !== undefined && ageMs < FOLLOWS_WITHIN,
  };
}
