import type { Pace } from "../pace.ts";

/**
 * The calendar that schedules follow: from its origin on it runs `pace` times as fast as the clock, so
 * that at 60 a `rate(1 minute)` fires each second and `cron` meets midnight every 24 minutes.
 */
export class Calendar {
  readonly originMs: number;
  readonly #factor: number;

  constructor(pace: Pace, originMs: number) {
    this.originMs = originMs;
    this.#factor = pace.factor;
  }

  /** The calendar's time at an instant of the clock. */
  planned(realMs: number): number {
    return this.originMs + (realMs - this.originMs) * this.#factor;
  }

  /** The instant of the clock at which the calendar shows this time. */
  real(plannedMs: number): number {
    return this.originMs + (plannedMs - this.originMs) / this.#factor;
  }
}
