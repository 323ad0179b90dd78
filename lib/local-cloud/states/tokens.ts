import { randomUUID } from "node:crypto";
import { AwsError } from "../wire/service.ts";
import type { Json } from "./definition.ts";
import { StateFailure } from "./failure.ts";

interface Waiting {
  readonly resolve: (output: Json) => void;
  readonly reject: (failure: StateFailure) => void;
  readonly beat: () => void;
  readonly machineArn: string;
}

export interface OpenToken {
  readonly token: string;
  /** Settles when the token comes back, or fails when its heartbeats stop. */
  readonly returned: Promise<Json>;
  /** Starts to expect a heartbeat this often. */
  readonly expectBeats: (everyMs: number) => void;
  readonly close: () => void;
}

/** The task tokens of one region that somebody is waiting for. */
export class TaskTokens {
  readonly #waiting = new Map<string, Waiting>();
  readonly #given = new Set<string>();

  /** `machineArn` is the state machine's whose task waits. */
  open(machineArn: string): OpenToken {
    const token = randomUUID();
    this.#given.add(token);
    const { promise, resolve, reject } = Promise.withResolvers<Json>();
    // The task may have failed on its own before anybody awaits this.
    promise.catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    let everyMs: number | undefined;
    const late = () =>
      reject(new StateFailure("States.HeartbeatTimeout", "no heartbeat within HeartbeatSeconds"));
    const beat = () => {
      clearTimeout(timer);
      if (everyMs !== undefined) timer = setTimeout(late, everyMs);
    };
    this.#waiting.set(token, { resolve, reject, beat, machineArn });
    return {
      token,
      returned: promise,
      expectBeats: (ms) => {
        everyMs = ms;
        beat();
      },
      close: () => {
        clearTimeout(timer);
        this.#waiting.delete(token);
      },
    };
  }

  /** Throws InvalidOutput, InvalidToken, TaskTimedOut. */
  succeed(token: string, output: string): void {
    this.#find(token).resolve(parse(output));
  }

  fail(token: string, error = "States.TaskFailed", cause = ""): void {
    this.#find(token).reject(new StateFailure(error, cause));
  }

  beat(token: string): void {
    this.#find(token).beat();
  }

  /** Of a token that somebody waits for. */
  machineOf(token: string): string | undefined {
    return this.#waiting.get(token)?.machineArn;
  }

  #find(token: string): Waiting {
    const waiting = this.#waiting.get(token);
    if (waiting) return waiting;
    if (!this.#given.has(token))
      throw new AwsError("InvalidToken", "Invalid Token: 'Invalid token'");
    throw new AwsError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
  }
}

function parse(output: string): Json {
  try {
    return JSON.parse(output) as Json;
  } catch {
    throw new AwsError("InvalidOutput", "Invalid Output: not a JSON text");
  }
}
