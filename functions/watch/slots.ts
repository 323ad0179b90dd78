import { TICK_SECONDS } from "./contract.ts";

/** Plan seconds after a tick, and the cadences whose look is due then. */
export interface Slot {
  readonly offsetSeconds: number;
  readonly cadences: ReadonlySet<number>;
}

export interface Tick {
  /** How many ticks lie between 1970 and this one. */
  readonly index: number;
  /** Plan seconds by which the invocation came late; a schedule may fire anywhere within its minute. */
  readonly lateSeconds: number;
}

/**
 * The looks of one invocation, in order. A cadence below a tick gets a tick's worth of looks, beginning
 * with the slot that is running: late invocations still follow each other without a hole. Longer cadences
 * look in the ticks they divide. Later than two ticks, others have looked long ago: no slot at all.
 */
export function slotsOf(cadences: readonly number[], { index, lateSeconds }: Tick): Slot[] {
  if (lateSeconds >= 2 * TICK_SECONDS) return [];
  const due = new Map<number, Set<number>>();
  for (const cadence of new Set(cadences)) {
    for (const offset of offsetsOf(cadence, index, lateSeconds)) {
      due.set(offset, (due.get(offset) ?? new Set()).add(cadence));
    }
  }
  return [...due]
    .map(([offsetSeconds, set]) => ({ offsetSeconds, cadences: set }))
    .toSorted((a, b) => a.offsetSeconds - b.offsetSeconds);
}

function offsetsOf(cadence: number, index: number, lateSeconds: number): number[] {
  if (cadence >= TICK_SECONDS) {
    return index % Math.round(cadence / TICK_SECONDS) === 0 && lateSeconds < TICK_SECONDS
      ? [0]
      : [];
  }
  const running = Math.floor(Math.max(0, lateSeconds) / cadence);
  const looks = Math.ceil(TICK_SECONDS / cadence);
  return Array.from({ length: looks }, (_, look) => (running + look) * cadence);
}
