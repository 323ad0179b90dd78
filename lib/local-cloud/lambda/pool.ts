import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { EventLog } from "../event-log.ts";
import type { Pace } from "../pace.ts";
import { AwsError } from "../wire/service.ts";
import { handlerIn } from "./code-file.ts";
import { Environment } from "./environment.ts";
import type { FunctionSpec, Guard, InvokeOutcome } from "./function.ts";
import { launch } from "./launch.ts";
import type { Mishaps, Moment } from "./mishaps.ts";
import type { RuntimeApi } from "./runtime-api.ts";
import { newTrace } from "./trace.ts";
import { variablesOf } from "./variables.ts";

export interface PoolOptions {
  readonly log: EventLog;
  readonly pace: Pace;
  readonly guard?: Guard;
  /** What connects a function's process to this cloud: endpoints, DNS, certificates. */
  readonly environment: (fn: FunctionSpec) => Readonly<Record<string, string>>;
  readonly api: RuntimeApi;
  readonly mishaps: Mishaps;
}

/**
 * Environments of one function; more invocations at once are throttled. As many as AWS gives new accounts:
 * on a busy machine each more would cost its start, just when there is no time for it.
 */
const CONCURRENCY = 10;

/** The execution environments of one function. */
export class Pool {
  readonly fn: FunctionSpec;
  /** SHA-256 of the code file that was last started, in hexadecimal. */
  codeSha256: string | undefined;
  readonly #options: PoolOptions;
  readonly #environments = new Set<Environment>();

  constructor(fn: FunctionSpec, options: PoolOptions) {
    this.fn = fn;
    this.#options = options;
  }

  /** Rejects with TooManyRequestsException when every environment is busy and no more may start. */
  async invoke(payload: string, trace = newTrace()): Promise<InvokeOutcome> {
    const began = performance.now();
    const { api, mishaps } = this.#options;
    await mishaps.heard(this.fn);
    const host = await api.host();
    const { region, name } = this.fn;
    const fate = mishaps.fateOf({ region, name, payload });
    let outcome: InvokeOutcome | undefined;
    while (!outcome) {
      const environment = this.#claim(host);
      outcome = await this.#outcome(environment, payload, trace, fate);
      environment.claimed = false;
    }
    this.#record("Invoked", trace, {
      tookMs: Math.round(performance.now() - began),
      ...(outcome.kind === "failed" && { error: outcome.error.errorType }),
    });
    return outcome;
  }

  async #outcome(
    environment: Environment,
    payload: string,
    trace: string,
    fate: Moment | undefined,
  ): Promise<InvokeOutcome | undefined> {
    if (fate === undefined) return environment.invoke(payload, trace);
    await environment.ready;
    const answer = environment.invoke(payload, trace);
    if (fate === "when done") await answer;
    environment.kill();
    this.#record("EnvironmentKilled", trace, { moment: fate, ...stepIn(payload) });
    await answer;
    return { kind: "failed", error: killed };
  }

  /**
   * Starts environments ahead of the first invocations until there are `count`. Throws an Error in one line
   * if the code does not load.
   */
  async warm(count: number): Promise<void> {
    const host = await this.#options.api.host();
    while (this.#environments.size < count) {
      const environment = this.#start(host);
      await environment.ready;
      this.#mustHaveStarted(environment);
    }
  }

  #mustHaveStarted({ failedToStart: failure }: Environment): void {
    if (!failure) return;
    const { name, region, codeDirectory } = this.fn;
    const why = `${failure.errorType}: ${failure.errorMessage}`.replaceAll(/\s+/g, " ");
    throw new Error(`function ${name} in ${region} does not start: ${why} (${codeDirectory})`);
  }

  async close(): Promise<void> {
    const all = [...this.#environments];
    for (const environment of all) environment.kill();
    await Promise.all(all.map(({ exited }) => exited));
  }

  #claim(host: string): Environment {
    const all = [...this.#environments];
    const reserved = this.fn.reservedConcurrency ?? Number.POSITIVE_INFINITY;
    if (all.filter(({ claimed }) => claimed).length >= reserved) throw throttled(RESERVED_USED_UP);
    const free = all.find((environment) => environment.free);
    if (!free && all.length >= CONCURRENCY) throw throttled(ACCOUNT_USED_UP);
    const claimed = free ?? this.#start(host);
    claimed.claimed = true;
    return claimed;
  }

  #start(host: string): Environment {
    const { api, pace, guard } = this.#options;
    const id = randomUUID();
    const began = performance.now();
    this.codeSha256 = this.#hash();
    const env = variablesOf(this.fn, `${host}/${id}`, this.#options.environment(this.fn));
    const child = launch(this.fn, env, guard, (line) =>
      this.#record("Log", environment.trace, { line }),
    );
    const environment = new Environment(this.fn, pace, child);
    api.add(id, environment);
    this.#environments.add(environment);
    void environment.exited.then(() => {
      api.remove(id);
      this.#environments.delete(environment);
    });
    void environment.ready.then(() => {
      const initMs = Math.round(performance.now() - began);
      this.#record("EnvironmentStarted", environment.trace, { initMs });
    });
    return environment;
  }

  #hash(): string | undefined {
    const { file } = handlerIn(this.fn.codeDirectory, this.fn.handler);
    return file && createHash("sha256").update(readFileSync(file)).digest("hex");
  }

  #record(operation: string, trace: string | undefined, detail: Record<string, unknown>): void {
    this.#options.log.record({
      region: this.fn.region,
      service: "lambda",
      operation,
      ...(trace !== undefined && { trace }),
      detail: { function: this.fn.name, ...detail },
    });
  }
}

const RESERVED_USED_UP = "ReservedFunctionConcurrentInvocationLimitExceeded";
const ACCOUNT_USED_UP = "ConcurrentInvocationLimitExceeded";

const throttled = (Reason: string) =>
  new AwsError("TooManyRequestsException", "Rate Exceeded.", 429, { Reason });

/** What a caller is told of a process that was killed over its invocation. */
const killed = {
  errorType: "Runtime.ExitError",
  errorMessage: "Error: Runtime exited with error: signal: killed",
};

/** `{ "step": "fence" }` says more about an invocation than its function's name. */
function stepIn(payload: string): { readonly step?: string } {
  const event = JSON.parse(payload) as { readonly step?: unknown } | null;
  return typeof event?.step === "string" ? { step: event.step } : {};
}
