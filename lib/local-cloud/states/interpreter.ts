import type { Catcher, Json, Machine, Retrier, State } from "./definition.ts";
import { StateFailure, Stopped, withinLimit } from "./failure.ts";
import { text, whole } from "./history.ts";
import { choice } from "./kinds/choice.ts";
import { map } from "./kinds/map.ts";
import { parallel } from "./kinds/parallel.ts";
import { fail, pass, succeed } from "./kinds/simple.ts";
import { task } from "./kinds/task.ts";
import { wait } from "./kinds/wait.ts";
import { catcherFor, retryDelay } from "./retry.ts";
import { leave, type Run, type Scope, type Step, type Visit } from "./run.ts";
import { waitMs } from "./wait.ts";

type Kinds = {
  readonly [T in State["Type"]]: (visit: Visit<Extract<State, { Type: T }>>) => Promise<Step>;
};
const KINDS: Kinds = {
  Task: task,
  Pass: pass,
  Wait: wait,
  Choice: choice,
  Parallel: parallel,
  Map: map,
  Succeed: succeed,
  Fail: fail,
};

/** Runs a chain of states to its end. Rejects with `StateFailure`, or `Stopped` when the signal fires. */
export async function runMachine(
  run: Run,
  machine: Machine,
  input: Json,
  scope: Scope,
): Promise<Json> {
  let here = { name: machine.StartAt, input, scope };
  for (;;) {
    if (here.scope.signal.aborted) throw new Stopped();
    // Parsing made sure that every transition leads to a state.
    const state = machine.States[here.name] as State;
    const step = await runState(run, state, here);
    if (step.next === undefined) return step.output;
    const variables = { ...here.scope.variables, ...step.assigned };
    here = { name: step.next, input: step.output, scope: { ...here.scope, variables } };
  }
}

interface Place {
  readonly name: string;
  readonly input: Json;
  readonly scope: Scope;
}

async function runState(run: Run, state: State, { name, input, scope }: Place): Promise<Step> {
  withinLimit(input, `the input of state ${name}`);
  run.history.record(scope.thread, `${state.Type}StateEntered`, {
    stateEnteredEventDetails: { name, input: text(input), inputDetails: whole },
  });
  const step = await attempts(run, state, { name, input, scope });
  run.history.record(scope.thread, `${state.Type}StateExited` as "PassStateExited", {
    stateExitedEventDetails: {
      name,
      output: text(step.output),
      outputDetails: whole,
      assignedVariables: Object.fromEntries(
        Object.entries(step.assigned).map(([variable, value]) => [variable, text(value)]),
      ),
    },
  });
  return step;
}

/** One state with its Retry and Catch. */
async function attempts(run: Run, state: State, { name, input, scope }: Place): Promise<Step> {
  const used = new Map<Retrier, number>();
  const entered = new Date().toISOString();
  for (let retries = 0; ; retries += 1) {
    const State = { Name: name, EnteredTime: entered, RetryCount: retries };
    const visit = { run, scope, name, state, input, context: { ...scope.context, State } };
    try {
      return await visitState(visit);
    } catch (cause) {
      const failure = failureOf(cause, visit);
      const { Retry = [], Catch = [] } = guardsOf(state);
      const delay = retryDelay(Retry, failure.name, used, run.random);
      if (delay === undefined) return caught(visit, Catch, failure);
      await waitMs(run.pace.ms(delay), scope.signal);
    }
  }
}

const visitState = (visit: Visit): Promise<Step> =>
  (KINDS[visit.state.Type] as (visit: Visit) => Promise<Step>)(visit);

const guardsOf = (state: State): { Retry?: readonly Retrier[]; Catch?: readonly Catcher[] } =>
  "Retry" in state || "Catch" in state ? state : {};

function failureOf(cause: unknown, { run, scope, name }: Visit): StateFailure {
  if (cause instanceof Stopped) throw cause;
  if (!(cause instanceof StateFailure)) {
    return new StateFailure(
      "States.Runtime",
      cause instanceof Error ? cause.message : String(cause),
    );
  }
  if (cause.name === "States.QueryEvaluationError") {
    run.history.record(scope.thread, "EvaluationFailed", {
      evaluationFailedEventDetails: { error: cause.name, cause: cause.message, state: name },
    });
  }
  return cause;
}

function caught(visit: Visit, catchers: readonly Catcher[], failure: StateFailure): Promise<Step> {
  const catcher = catcherFor(catchers, failure.name);
  if (!catcher) throw failure;
  const errorOutput = { Error: failure.name, Cause: failure.message };
  return leave(visit, catcher, errorOutput, { errorOutput });
}
