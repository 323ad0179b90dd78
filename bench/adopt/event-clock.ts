import type { Clock } from "../../functions/kernel/clock.ts";

interface Waiting {
  readonly atMs: number;
  readonly wake: () => void;
}

/**
 * Plan time in which many wait side by side: it stands still while anybody works, then leaps to whoever is due first. Only for work that asks
 * nothing of timers or the network.
 */
export class EventClock implements Clock {
  #nowMs: number;
  #waiting: Waiting[] = [];
  #isPumping = false;

  constructor(start: string) {
    this.#nowMs = Date.parse(start);
  }

  now(): Date {
    return new Date(this.#nowMs);
  }

  paced(seconds: number, floorMs = 0): number {
    return Math.max(seconds * 1000, floorMs);
  }

  wait(seconds: number, floorMs?: number): Promise<void> {
    return this.#until(this.#nowMs + this.paced(seconds, floorMs));
  }

  until(instant: Date): Promise<void> {
    return this.#until(instant.getTime());
  }

  #until(atMs: number): Promise<void> {
    return new Promise((wake) => {
      this.#waiting.push({ atMs, wake });
      this.#pump();
    });
  }

  /** Whatever is ready to run has run before an immediate does. */
  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    setImmediate(() => {
      this.#isPumping = false;
      const dueMs = Math.max(this.#nowMs, Math.min(...this.#waiting.map(({ atMs }) => atMs)));
      const due = this.#waiting.filter(({ atMs }) => atMs <= dueMs);
      this.#waiting = this.#waiting.filter(({ atMs }) => atMs > dueMs);
      this.#nowMs = dueMs;
      for (const { wake } of due) wake();
      if (this.#waiting.length > 0) this.#pump();
    });
  }
}
