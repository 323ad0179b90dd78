import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { Pace } from "../pace.ts";
import type { FunctionError, FunctionSpec, InvokeOutcome } from "./function.ts";
import type { Runtime } from "./runtime-api.ts";

interface Invocation {
  readonly requestId: string;
  readonly payload: string;
  readonly trace: string;
  /** Undefined: the process was gone before it was handed the invocation; ask another one. */
  readonly settle: (outcome: InvokeOutcome | undefined) => void;
  timer?: NodeJS.Timeout;
}

/** A cold import on a busy laptop may take seconds; one that takes this long never ends. Not paced. */
const INIT_LIMIT_MS = 30_000;

/** One execution environment: a child process that answers one invocation at a time. */
export class Environment implements Runtime {
  readonly fn: FunctionSpec;
  /** Settles when the handler is loaded; rejects never: a failed start is told by the invocation. */
  readonly ready: Promise<void>;
  /** Resolves when the process is gone. */
  readonly exited: Promise<void>;
  /** True from the moment an invocation is meant for it until that has ended. */
  claimed = false;
  trace: string | undefined;
  readonly #pace: Pace;
  readonly #child: ChildProcess;
  readonly #loaded = Promise.withResolvers<void>();
  readonly #initTimer: NodeJS.Timeout;
  #initError: FunctionError | undefined;
  #parked: ServerResponse | undefined;
  #current: Invocation | undefined;
  #gone = false;
  #exit: FunctionError | undefined;
  #wasReady = false;

  constructor(fn: FunctionSpec, pace: Pace, child: ChildProcess) {
    this.fn = fn;
    this.#pace = pace;
    this.#child = child;
    this.ready = this.#loaded.promise;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.exited = promise;
    child.once("close", () => resolve());
    this.#initTimer = setTimeout(() => this.kill(), INIT_LIMIT_MS).unref();
    child.once("error", ({ message: errorMessage }) => {
      this.#initError = { errorType: "Runtime.ExitError", errorMessage };
    });
    child.once("close", (code, signal) => this.#end(code, signal));
  }

  /** Why its process ended before the handler was loaded. */
  get failedToStart(): FunctionError | undefined {
    return this.#gone && !this.#wasReady ? this.#exit : undefined;
  }

  get free(): boolean {
    return !this.claimed && !this.#gone;
  }

  /** Never rejects: whatever happens to the process is an outcome. */
  invoke(payload: string, trace: string): Promise<InvokeOutcome | undefined> {
    const { promise, resolve } = Promise.withResolvers<InvokeOutcome | undefined>();
    const settle = (outcome: InvokeOutcome | undefined) => {
      clearTimeout(this.#current?.timer);
      this.#current = undefined;
      resolve(outcome);
    };
    this.#current = { requestId: randomUUID(), payload, trace, settle };
    this.trace = trace;
    if (this.#gone) settle(undefined);
    else if (this.#parked) this.#hand(this.#parked, this.#current);
    return promise;
  }

  kill(): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#gone) return;
    this.#gone = true;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // Gone between the look and the signal.
    }
  }

  next(response: ServerResponse): void {
    clearTimeout(this.#initTimer);
    this.#wasReady = true;
    this.#loaded.resolve();
    if (this.#current && this.#current.timer === undefined) this.#hand(response, this.#current);
    else this.#parked = response;
  }

  answered(requestId: string, payload: string): void {
    if (this.#current?.requestId === requestId) this.#current.settle({ kind: "answered", payload });
  }

  failed(requestId: string, error: string): void {
    if (this.#current?.requestId !== requestId) return;
    this.#current.settle({ kind: "failed", error: JSON.parse(error) as FunctionError });
  }

  initFailed(error: string): void {
    this.#initError = JSON.parse(error) as FunctionError;
  }

  #hand(response: ServerResponse, invocation: Invocation): void {
    this.#parked = undefined;
    const limitMs = this.#pace.ms(this.fn.timeoutSeconds, this.#pace.floors.lambdaTimeoutMs);
    invocation.timer = setTimeout(() => this.#tooLate(invocation), limitMs).unref();
    response.writeHead(200, {
      "Lambda-Runtime-Aws-Request-Id": invocation.requestId,
      "Lambda-Runtime-Deadline-Ms": Math.floor(Date.now() + limitMs),
      "Lambda-Runtime-Invoked-Function-Arn": this.fn.arn,
      "Lambda-Runtime-Trace-Id": invocation.trace,
    });
    response.end(invocation.payload);
  }

  /** Seconds as configured: the reader of the message knows nothing of the pace. */
  #tooLate({ requestId, settle }: Invocation): void {
    this.kill();
    settle({
      kind: "failed",
      error: {
        errorType: "Sandbox.Timedout",
        errorMessage: `RequestId: ${requestId} Error: Task timed out after ${this.fn.timeoutSeconds.toFixed(2)} seconds`,
      },
    });
  }

  #end(code: number | null, signal: string | null): void {
    this.#gone = true;
    clearTimeout(this.#initTimer);
    const error = this.#exitError(code, signal);
    this.#exit = error;
    this.#loaded.resolve();
    const handed = this.#current?.timer !== undefined || !this.#wasReady;
    this.#current?.settle(handed ? { kind: "failed", error } : undefined);
  }

  #exitError(code: number | null, signal: string | null): FunctionError {
    if (this.#initError) return this.#initError;
    const how = signal ? `signal: ${signal}` : `exit status ${code ?? "unknown"}`;
    const reason = code === 0 ? "exited without providing a reason" : `exited with error: ${how}`;
    const whose = this.#current ? `RequestId: ${this.#current.requestId} ` : "";
    return {
      errorType: "Runtime.ExitError",
      errorMessage: `${whose}Error: Runtime ${reason}`,
    };
  }
}
