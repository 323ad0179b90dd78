import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { TICK_SECONDS, type TickEvent } from "./contract.ts";
import { type Slot, slotsOf, type Tick } from "./slots.ts";

export interface TimedSlot extends Slot {
  /** The slot's instant, ISO 8601 with milliseconds. */
  readonly at: string;
}

/** The slots of an invocation with their instants; rejects an event without a scheduled time. */
export function timedSlots(
  event: TickEvent,
  cadences: readonly number[],
  clock: Clock,
): TimedSlot[] {
  const begun = Date.parse(event.scheduledTime);
  if (Number.isNaN(begun)) {
    throw new SlaError(
      "BadEvent",
      "bug",
      `scheduledTime: expected ISO 8601, got '${event.scheduledTime}'; does the schedule send <aws.scheduler.scheduled-time>?`,
    );
  }
  const secondMs = clock.paced(1);
  const tick: Tick = {
    index: Math.round(begun / (TICK_SECONDS * secondMs)),
    lateSeconds: (clock.now().getTime() - begun) / secondMs,
  };
  return slotsOf(cadences, tick).map((slot) => ({
    ...slot,
    at: new Date(begun + slot.offsetSeconds * secondMs).toISOString(),
  }));
}
