import { Tokens } from "../tokens.ts";
import { AwsError } from "../wire/service.ts";

/** A bucket of tokens that holds one second's worth. */
export class RateLimit {
  readonly #tokens: Tokens;

  /** `now` in milliseconds. */
  constructor(perSecond: number, now: () => number) {
    this.#tokens = new Tokens(perSecond, perSecond, now);
  }

  /** Throws `Throttling` when the second's worth is used up. */
  take(): void {
    if (!this.#tokens.take()) throw new AwsError("Throttling", "Rate exceeded", 400);
  }
}
