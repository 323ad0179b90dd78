import { AdaptiveRetryStrategy } from "@smithy/core/retry";
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
    maxAttempts: options.maxAttempts ?? ATTEMPTS,
    retryMode: "adaptive",
    ...(options.onceIfLate && {
      retryStrategy: new Impatient(options.maxAttempts ?? ATTEMPTS),
    }),
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

/** Repeats what was broken off or turned away; a place that has let one time-out pass lets the next one pass, too. */
class Impatient extends AdaptiveRetryStrategy {
  override async refreshRetryTokenForRetry(
    ...[token, failure]: Parameters<AdaptiveRetryStrategy["refreshRetryTokenForRetry"]>
  ): ReturnType<AdaptiveRetryStrategy["refreshRetryTokenForRetry"]> {
    const { error } = failure;
    if (error instanceof Error && error.name === "TimeoutError") throw error;
    return super.refreshRetryTokenForRetry(token, failure);
  }
}
