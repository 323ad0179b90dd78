/** What is known of the heartbeat row; every instant is of the primary's clock, ISO 8601. */
export interface Heartbeats {
  /** Newest beat replayed on the standby. */
  readonly standbyBeat?: string;
  /** Newest beat seen committed on the primary. */
  readonly primaryBeat?: string;
  /** Stands in for the primary's newest beat where none was seen. */
  readonly now: string;
}

/**
 * Seconds of acknowledged writes that promoting the standby now may lose, at most: from its newest beat
 * to the newest seen on the primary (or now). A beat is a sample: add one beat's interval for what was
 * written after the last. Undefined if the standby never showed a beat: then nothing can be said.
 */
export function rpoAtRisk({ standbyBeat, primaryBeat, now }: Heartbeats): number | undefined {
  if (standbyBeat === undefined) return undefined;
  const until = Date.parse(primaryBeat ?? now);
  return Math.max(0, until - Date.parse(standbyBeat)) / 1000;
}
