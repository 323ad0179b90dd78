import type { Clock } from "../../functions/kernel/clock.ts";

/** Waits cost nothing and pass at once; every look at the clock takes a millisecond. */
export class LeapingClock implements Clock {
  #now: number;

  constructor(start: string) {
    this.#now = Date.parse(start);
  }

  now(): Date {
    this.#now += 1;
    return new Date(this.#now);
  }

  paced(seconds: number, floorMs = 0): number {
    return Math.max(seconds * 1000, floorMs);
  }

  async wait(seconds: number, floorMs?: number): Promise<void> {
    this.#now += this.paced(seconds, floorMs);
  }

  async until(instant: Date): Promise<void> {
    this.#now = Math.max(this.#now, instant.getTime());
  }
}
