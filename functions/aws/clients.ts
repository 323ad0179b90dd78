import { MAXIMUM_RETRY_DELAY, StandardRetryStrategy } from "@smithy/core/retry";
import { type Clock, FLOORS } from "../kernel/clock.ts";

export interface ClientOptions {
  /** Default: the region the function runs in. */
  readonly region?: string;
  /** Plan-time seconds a call may take; longer for invocations that work before they answer. */
  readonly answerSeconds?: number;
  /** Real milliseconds under which a pace does not divide it. */
  readonly answerFloorMs?: number;
  /** 1 where a repeat costs more than it gives. */
  readonly maxAttempts?: number;
  /** Where waiting costs more than a lost answer: what has not answered in time is not asked again. */
  readonly onceIfLate?: boolean;
}

const CONNECT_SECONDS = 2;
const ANSWER_SECONDS = 8;
// Two, because a connection kept over a freeze of the function is found dead only by using it.
const ATTEMPTS = 2;

/**
 * Settings of every SDK client: nothing waits for ever on a region that is half gone. Without
 * `throwOnRequestTimeout` the SDK only prints a warning and goes on waiting.
 */
export function clientSettings(clock: Clock, options: ClientOptions = {}) {
  const answerMs = clock.paced(
    options.answerSeconds ?? ANSWER_SECONDS,
    options.answerFloorMs ?? FLOORS.sdkMs,
  );
  return {
    ...(options.region !== undefined && { region: options.region }),
    retryStrategy: new Repeats(clock, options),
    requestHandler: {
      connectionTimeout: clock.paced(CONNECT_SECONDS, FLOORS.sdkMs),
      requestTimeout: answerMs,
      // The time-out of a request ends with its head: a body that stops arriving is noticed by this.
      socketTimeout: answerMs,
      throwOnRequestTimeout: true,
    },
  };
}

/** One client per region, made when first asked for. */
export function perRegion<T>(make: (region: string) => T): (region: string) => T {
  const made = new Map<string, T>();
  return (region) => {
    const known = made.get(region);
    if (known !== undefined) return known;
    const fresh = make(region);
    made.set(region, fresh);
    return fresh;
  };
}

/**
 * Repeats what was broken off or turned away, after a random wait that doubles, and slows nothing else down: the SDK's adaptive mode
 * lets every call after a throttle wait for two seconds, in each process of its own, which no other process learns of.
 */
class Repeats extends StandardRetryStrategy {
  readonly #onceIfLate: boolean;

  constructor(clock: Clock, { maxAttempts = ATTEMPTS, onceIfLate = false }: ClientOptions) {
    super({ maxAttempts, backoff: new Backoff(clock) });
    this.#onceIfLate = onceIfLate;
  }

  override async refreshRetryTokenForRetry(
    ...[token, failure]: Parameters<StandardRetryStrategy["refreshRetryTokenForRetry"]>
  ): ReturnType<StandardRetryStrategy["refreshRetryTokenForRetry"]> {
    const { error } = failure;
    // A place that has let one time-out pass lets the next one pass, too.
    if (this.#onceIfLate && error instanceof Error && error.name === "TimeoutError") throw error;
    return super.refreshRetryTokenForRetry(token, failure);
  }
}

/** The SDK's own waits, in plan time: exponential, from the base that it sets for the kind of failure, with full jitter. */
class Backoff {
  readonly #clock: Clock;
  #baseMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  setDelayBase(ms: number): void {
    this.#baseMs = ms;
  }

  computeNextBackoffDelay(attempt: number): number {
    const ms = Math.random() * Math.min(this.#baseMs * 2 ** attempt, MAXIMUM_RETRY_DELAY);
    return Math.floor(this.#clock.paced(ms / 1000));
  }
}
