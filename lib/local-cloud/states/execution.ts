import type { HistoryEvent } from "@aws-sdk/client-sfn";
import type { EventLog } from "../event-log.ts";
import { holderOf } from "../iam/principals.ts";
import type { Functions } from "../lambda/function.ts";
import type { Pace } from "../pace.ts";
import type { Definition, Json } from "./definition.ts";
import { StateFailure, Stopped } from "./failure.ts";
import { History, type Thread, text, whole } from "./history.ts";
import { runMachine } from "./interpreter.ts";
import { logged } from "./log.ts";
import type { Tasks } from "./tasks.ts";
import type { TaskTokens } from "./tokens.ts";
import { waitMs } from "./wait.ts";

/** A state machine as deployed. */
export interface DeployedMachine {
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** The text it was deployed with. */
  readonly source: string;
  readonly definition: Definition;
  readonly createdAt: Date;
}

/** What executions need from the rest of the cloud. */
export interface Surroundings {
  readonly log: EventLog;
  readonly pace: Pace;
  readonly functions: Functions;
  readonly tasks?: Tasks;
  readonly tokens: TaskTokens;
  readonly random: () => number;
}

export interface StartedBy {
  readonly arn: string;
  readonly name: string;
  /** JSON text. */
  readonly input: string;
  readonly trace: string | undefined;
}

export type Ending =
  | { readonly status: "SUCCEEDED"; readonly output: string }
  | {
      readonly status: "FAILED" | "TIMED_OUT" | "ABORTED";
      readonly error: string;
      readonly cause: string;
    };

/** One run of a machine, from StartExecution to its end. */
export class Execution {
  readonly machine: DeployedMachine;
  readonly by: StartedBy;
  readonly startedAt = new Date();
  readonly history: History;
  /** Resolves when it has ended, however it ended. */
  readonly ended: Promise<Ending>;
  ending: { readonly at: Date; readonly how: Ending } | undefined;
  readonly #stop = new AbortController();
  readonly #thread: Thread = { last: 0 };

  constructor(machine: DeployedMachine, by: StartedBy, surroundings: Surroundings) {
    this.machine = machine;
    this.by = by;
    const tell = (event: HistoryEvent) => logged(surroundings.log, this, event);
    this.history = new History(tell);
    this.ended = this.#run(surroundings).then((how) => this.#end(how));
  }

  /** Ends it as ABORTED; ended executions stay as they are. */
  stop(error: string, cause: string): void {
    this.#stop.abort({ status: "ABORTED", error, cause } satisfies Ending);
  }

  async #run(surroundings: Surroundings): Promise<Ending> {
    const { machine, by } = this;
    this.history.record(this.#thread, "ExecutionStarted", {
      executionStartedEventDetails: {
        input: by.input,
        inputDetails: whole,
        roleArn: machine.roleArn,
      },
    });
    const over = new AbortController();
    this.#limit(surroundings.pace, over.signal);
    try {
      const run = {
        ...surroundings,
        region: machine.region,
        machineArn: machine.arn,
        caller: holderOf(machine.roleArn, by.name),
        trace: by.trace,
        history: this.history,
        machine: runMachine,
      };
      const input = JSON.parse(by.input) as Json;
      const output = await runMachine(run, machine.definition, input, {
        variables: {},
        context: this.#context(input),
        signal: this.#stop.signal,
        thread: this.#thread,
      });
      return { status: "SUCCEEDED", output: text(output) };
    } catch (cause) {
      return this.#endingOf(cause);
    } finally {
      over.abort();
    }
  }

  #limit(pace: Pace, over: AbortSignal): void {
    const { TimeoutSeconds } = this.machine.definition;
    if (TimeoutSeconds === undefined) return;
    const late: Ending = { status: "TIMED_OUT", error: "States.Timeout", cause: "" };
    waitMs(pace.ms(TimeoutSeconds, pace.floors.lambdaTimeoutMs), over).then(
      () => this.#stop.abort(late),
      () => undefined,
    );
  }

  #context(input: Json): { readonly [key: string]: Json } {
    const { machine, by } = this;
    return {
      Execution: {
        Id: by.arn,
        Input: input,
        Name: by.name,
        RoleArn: machine.roleArn,
        StartTime: this.startedAt.toISOString(),
        RedriveCount: 0,
      },
      StateMachine: { Id: machine.arn, Name: machine.name },
    };
  }

  #endingOf(cause: unknown): Ending {
    if (cause instanceof Stopped) return this.#stop.signal.reason as Ending;
    const error = cause instanceof StateFailure ? cause.name : "States.Runtime";
    return { status: "FAILED", error, cause: cause instanceof Error ? cause.message : "" };
  }

  #end(how: Ending): Ending {
    this.ending = { at: new Date(), how };
    recordEnding(this.history, this.#thread, how);
    return how;
  }
}

const ENDED = {
  SUCCEEDED: "Succeeded",
  FAILED: "Failed",
  TIMED_OUT: "TimedOut",
  ABORTED: "Aborted",
} as const satisfies Record<Ending["status"], string>;

function recordEnding(history: History, thread: Thread, how: Ending): void {
  const { status, ...said } = how;
  const details = "output" in said ? { ...said, outputDetails: whole } : said;
  const key = `execution${ENDED[status]}EventDetails`;
  history.record(thread, `Execution${ENDED[status]}`, { [key]: details });
}
