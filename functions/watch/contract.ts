/** Deployed in every site. `watch` judges, `beat` writes the heartbeats of the primaries of its site. */
export const WATCH_FUNCTION = "sla-watch";
export const BEAT_FUNCTION = "sla-beat";

/** Sent by EventBridge Scheduler once a minute to both; the slot comes from here, not from a clock. */
export interface TickEvent {
  /** `<aws.scheduler.scheduled-time>`: ISO 8601. */
  readonly scheduledTime: string;
  readonly shard: string;
}

/** Plan-time seconds between two ticks. */
export const TICK_SECONDS = 60;
