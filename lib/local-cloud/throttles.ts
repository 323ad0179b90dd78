import type { Functions } from "./lambda/function.ts";
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

  /** Of every service in that region, or of those named; each counts its own calls. */
  begin(region: string, burst: Burst, services: readonly string[] = [EVERY]): void {
    for (const service of services) this.#bursts.set(`${service} ${region}`, burst);
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

  /** Functions as state machines invoke them: past the wire, and within the same rate. */
  aroundFunctions(functions: Functions): Functions {
    return {
      invoke: async (call) => {
        this.#take("lambda", call.region);
        return functions.invoke(call);
      },
    };
  }

  #take(service: string, region: string): void {
    const key = `${service} ${region}`;
    const burst = this.#bursts.get(key) ?? this.#bursts.get(`${EVERY} ${region}`);
    if (!burst || Date.now() >= burst.until) return;
    const call = this.#calls.get(key) ?? 0;
    this.#calls.set(key, call + 1);
    if (call % burst.of >= burst.refused) return;
    this.#refused += 1;
    throw refusal(service);
  }
}

const EVERY = "*";

/** As each service words it: the common errors of the AWS APIs, and where its own model has one, that. */
const REFUSALS: Readonly<Record<string, readonly [code: string, message: string, status: number]>> =
  {
    ec2: ["RequestLimitExceeded", "Request limit exceeded.", 503],
    lambda: ["TooManyRequestsException", "Rate Exceeded.", 429],
    s3: ["SlowDown", "Please reduce your request rate.", 503],
    ses: ["TooManyRequestsException", "Too many requests", 429],
    sns: ["ThrottledException", "Rate exceeded", 429],
    ...Object.fromEntries(
      ["ecs", "kms", "scheduler", "secretsmanager", "ssm", "states"].map((service) => [
        service,
        ["ThrottlingException", "Rate exceeded", 400] as const,
      ]),
    ),
  };

const refusal = (service: string) =>
  new AwsError(...(REFUSALS[service] ?? ["Throttling", "Rate exceeded", 400]));
