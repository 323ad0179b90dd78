import { setImmediate as afterPendingWork } from "node:timers/promises";
import type { Clock } from "../../functions/kernel/clock.ts";

/** Time that passes only where somebody waits, after all work under way has been done. */
export class FakeClock implements Clock {
  readonly #pace: number;
  #now: number;

  constructor(start: string | number | Date, pace = 1) {
    this.#now = new Date(start).getTime();
    this.#pace = pace;
  }

  now(): Date {
    return new Date(this.#now);
  }

  paced(seconds: number, floorMs = 0): number {
    return Math.max((seconds * 1000) / this.#pace, floorMs);
  }

  wait(seconds: number, floorMs?: number): Promise<void> {
    return this.until(new Date(this.#now + this.paced(seconds, floorMs)));
  }

  async until(instant: Date): Promise<void> {
    await afterPendingWork();
    this.#now = Math.max(this.#now, instant.getTime());
  }
}
