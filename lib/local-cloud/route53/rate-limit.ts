import { AwsError } from "../wire/service.ts";

/** A bucket of tokens that holds one second's worth. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #now: () => number;
  #tokens: number;
  #filledAt: number;

  /** `now` in milliseconds. */
  constructor(perSecond: number, now: () => number) {
    this.#perSecond = perSecond;
    this.#now = now;
    this.#tokens = perSecond;
    this.#filledAt = now();
  }

  /** Throws `Throttling` when the second's worth is used up. */
  take(): void {
    const now = this.#now();
    const gained = ((now - this.#filledAt) / 1000) * this.#perSecond;
    this.#tokens = Math.min(this.#perSecond, this.#tokens + gained);
    this.#filledAt = now;
    if (this.#tokens < 1) throw new AwsError("Throttling", "Rate exceeded", 400);
    this.#tokens -= 1;
  }
}
