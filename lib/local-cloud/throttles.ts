import { AwsError, type Operation, type ServiceDefinition } from "./wire/service.ts";

/** So many calls in a row are refused out of so many, for a while. */
export interface Burst {
  readonly refused: number;
  readonly of: number;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** A service refuses a burst of calls now and then, as one does that more is asked of than it answers. */
export class Throttles {
  readonly #bursts = new Map<string, Burst>();
  readonly #calls = new Map<string, number>();
  #refused = 0;

  begin(service: string, region: string, burst: Burst): void {
    this.#bursts.set(`${service} ${region}`, burst);
  }

  /** From now on everybody is served. Returns how many calls were refused. */
  end(): number {
    this.#bursts.clear();
    return this.#refused;
  }

  /** The service as it answers while it may be throttled. */
  around(definition: ServiceDefinition): ServiceDefinition {
    const operations = Object.entries(definition.operations).map(
      ([name, run]): [string, Operation] => [
        name,
        async (input, context) => {
          this.#take(definition.name, context.region);
          return run(input, context);
        },
      ],
    );
    return { ...definition, operations: Object.fromEntries(operations) };
  }

  #take(service: string, region: string): void {
    const key = `${service} ${region}`;
    const burst = this.#bursts.get(key);
    if (!burst || Date.now() >= burst.until) return;
    const call = this.#calls.get(key) ?? 0;
    this.#calls.set(key, call + 1);
    if (call % burst.of >= burst.refused) return;
    this.#refused += 1;
    throw service === "s3"
      ? new AwsError("SlowDown", "Please reduce your request rate.", 503)
      : new AwsError("Throttling", "Rate exceeded", 400);
  }
}
