import type { Clock } from "../kernel/clock.ts";

/**
 * SNS suspends an e-mail subscription that gets more than ten messages a second. Real milliseconds:
 * the limit is not divided by any pace.
 */
const GAP_MS = 150;

/** Gives each recipient its turns, a gap apart. */
export class Rate {
  readonly #clock: Clock;
  readonly #next = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async turn(recipient: string): Promise<void> {
    const now = this.#clock.now().getTime();
    const turn = Math.max(now, this.#next.get(recipient) ?? now);
    this.#next.set(recipient, turn + GAP_MS);
    await this.#clock.until(new Date(turn));
  }
}
