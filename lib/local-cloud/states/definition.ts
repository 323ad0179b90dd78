/** JSON as it travels between states. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A value of the Amazon States Language that may hold `{% … %}` expressions anywhere. */
export type Template = Json;

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly BackoffRate?: number;
  readonly MaxAttempts?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: "FULL" | "NONE";
}

/** What a state, a choice rule and a catcher have in common. */
export interface Leaving {
  readonly Output?: Template;
  readonly Assign?: { readonly [variable: string]: Template };
}

export interface Catcher extends Leaving {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
}

interface Flow extends Leaving {
  readonly Next?: string;
  readonly End?: boolean;
}

interface Guarded extends Flow {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface TaskState extends Guarded {
  readonly Type: "Task";
  readonly Resource: string;
  readonly Arguments?: Template;
  readonly TimeoutSeconds?: number | string;
  readonly HeartbeatSeconds?: number | string;
}
export interface PassState extends Flow {
  readonly Type: "Pass";
}
export interface WaitState extends Flow {
  readonly Type: "Wait";
  readonly Seconds?: number | string;
  readonly Timestamp?: string;
}
export interface ChoiceState extends Leaving {
  readonly Type: "Choice";
  readonly Choices: readonly (Leaving & { readonly Condition: Template; readonly Next: string })[];
  readonly Default?: string;
}
export interface ParallelState extends Guarded {
  readonly Type: "Parallel";
  readonly Branches: readonly Machine[];
  readonly Arguments?: Template;
}
export interface MapState extends Guarded {
  readonly Type: "Map";
  readonly Items?: Template;
  readonly ItemSelector?: Template;
  readonly ItemProcessor: Machine;
  readonly MaxConcurrency?: number | string;
}
export interface SucceedState extends Leaving {
  readonly Type: "Succeed";
}
export interface FailState {
  readonly Type: "Fail";
  readonly Error?: string;
  readonly Cause?: string;
}

export type State =
  | TaskState
  | PassState
  | WaitState
  | ChoiceState
  | ParallelState
  | MapState
  | SucceedState
  | FailState;

/** A chain of states: a whole machine, a branch or an item processor. */
export interface Machine {
  readonly StartAt: string;
  readonly States: { readonly [name: string]: State };
}

export interface Definition extends Machine {
  readonly QueryLanguage: "JSONata";
  readonly TimeoutSeconds?: number;
}
