import type { EventLog } from "../event-log.ts";
import type { Pace } from "../pace.ts";
import type { Functions, InvokeCall } from "./function.ts";

/** AWS::Lambda::EventInvokeConfig; AWS's defaults are two retries and six hours. */
export interface AsyncConfig {
  readonly maximumRetryAttempts?: number;
  readonly maximumEventAgeSeconds?: number;
}

interface Options {
  readonly log: EventLog;
  readonly pace: Pace;
  readonly functions: Functions;
  readonly configOf: (call: InvokeCall) => AsyncConfig;
}

/** Configured seconds before the first and the second retry, as on AWS. */
const RETRY_SECONDS = [60, 120] as const;
const THROTTLED_SECONDS = 1;
const SIX_HOURS = 21_600;

/** Asynchronous invocations: accepted at once, tried again when they fail. */
export class AsyncQueue {
  readonly #options: Options;
  readonly #timers = new Set<NodeJS.Timeout>();
  #closed = false;

  constructor(options: Options) {
    this.#options = options;
  }

  accept(call: InvokeCall): void {
    void this.#attempt(call, 0, Date.now());
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async #attempt(call: InvokeCall, failures: number, acceptedAt: number): Promise<void> {
    if (this.#closed) return;
    const outcome = await this.#options.functions.invoke(call).catch((cause: Error) => cause);
    if (outcome instanceof Error) {
      return this.#again(call, failures, acceptedAt, THROTTLED_SECONDS, outcome.message);
    }
    if (outcome.kind === "answered") return;
    const { maximumRetryAttempts = 2 } = this.#options.configOf(call);
    const delay = failures < maximumRetryAttempts ? RETRY_SECONDS[failures] : undefined;
    const { errorType } = outcome.error;
    this.#again(call, failures + 1, acceptedAt, delay, errorType);
  }

  #again(
    call: InvokeCall,
    failures: number,
    acceptedAt: number,
    delay: number | undefined,
    why: string,
  ) {
    const { pace, configOf } = this.#options;
    const { maximumEventAgeSeconds = SIX_HOURS } = configOf(call);
    const waitMs = delay === undefined ? Number.POSITIVE_INFINITY : pace.ms(delay);
    if (Date.now() + waitMs - acceptedAt > pace.ms(maximumEventAgeSeconds)) {
      return this.#drop(call, why);
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#attempt(call, failures, acceptedAt);
    }, waitMs);
    this.#timers.add(timer);
  }

  #drop({ region, name, trace }: InvokeCall, error: string): void {
    this.#options.log.record({
      region,
      service: "lambda",
      operation: "AsyncDropped",
      ...(trace !== undefined && { trace }),
      detail: { function: name, error },
    });
  }
}
