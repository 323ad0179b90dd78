import type { Json, TaskState } from "../definition.ts";
import { StateFailure, Stopped, withinLimit } from "../failure.ts";
import { text } from "../history.ts";
import { resourceOf, type TaskResource } from "../resource.ts";
import { leave, optional, type Step, type Visit, valueIn } from "../run.ts";
import { runContainerTask } from "../task-container.ts";
import { callFunction } from "../task-function.ts";
import * as events from "../task-history.ts";
import type { OpenToken } from "../tokens.ts";
import { unlessStopped, waitMs } from "../wait.ts";

/** Calls the function and, with `.waitForTaskToken`, waits until its token comes back; or runs a container task. */
export async function task(plain: Visit<TaskState>): Promise<Step> {
  // The definition was refused at deployment if the resource is not one of ours.
  const resource = resourceOf(plain.state.Resource) as TaskResource;
  const open = resource.token ? plain.run.tokens.open(plain.run.machineArn) : undefined;
  const visit = open
    ? { ...plain, context: { ...plain.context, Task: { Token: open.token } } }
    : plain;
  try {
    return await attempt(visit, resource, open);
  } finally {
    open?.close();
  }
}

async function attempt(visit: Visit<TaskState>, resource: TaskResource, open?: OpenToken) {
  const { state, input } = visit;
  const args = state.Arguments === undefined ? input : await valueIn(visit, state.Arguments);
  const timeoutMs = await limitMs(visit, resource, state.TimeoutSeconds);
  const beatMs = await limitMs(visit, resource, state.HeartbeatSeconds);
  events.started(visit, resource, args);
  if (beatMs !== undefined) open?.expectBeats(beatMs);
  const left = new AbortController();
  const signal = AbortSignal.any([visit.scope.signal, left.signal]);
  const attended = { ...visit, scope: { ...visit.scope, signal } };
  try {
    const result = await inTime(perform(attended, resource, args, open), timeoutMs, visit);
    withinLimit(result, `the result of state ${visit.name}`);
    events.succeeded(visit, resource, result);
    return await leave(visit, state, result, { result });
  } catch (cause) {
    if (cause instanceof StateFailure) events.failed(visit, resource, cause);
    throw cause;
  } finally {
    left.abort();
  }
}

async function perform(
  visit: Visit<TaskState>,
  resource: TaskResource,
  args: Json,
  open: OpenToken | undefined,
): Promise<Json> {
  if (resource.kind === "ecs:runTask") return runContainerTask(visit, resource, args);
  const called = callFunction(visit, resource, args);
  if (!open) return called;
  // The token may come back while the function still runs; only its failure matters.
  let isOver = false;
  const failed = called.then((answer) => {
    if (!isOver) events.submitted(visit, resource, answer);
    return new Promise<never>(() => undefined);
  });
  return Promise.race([open.returned, failed]).finally(() => {
    isOver = true;
  });
}

async function limitMs(
  visit: Visit<TaskState>,
  { token }: TaskResource,
  template: number | string | undefined,
) {
  const seconds = await optional(visit, template);
  if (seconds === undefined) return undefined;
  if (typeof seconds !== "number" || !(seconds > 0)) {
    throw new StateFailure(
      "States.QueryEvaluationError",
      `a time-out: expected seconds above 0, got ${text(seconds)}`,
    );
  }
  const { pace } = visit.run;
  // Work does not get faster where a minute takes a second; a wait for somebody's answer does.
  return pace.ms(seconds, token ? pace.floors.tokenMs : pace.floors.lambdaTimeoutMs);
}

async function inTime(work: Promise<Json>, limit: number | undefined, { scope }: Visit) {
  if (limit === undefined) return unlessStopped(work, scope.signal);
  const timer = new AbortController();
  const late = waitMs(limit, AbortSignal.any([scope.signal, timer.signal])).then(() => {
    throw new StateFailure("States.Timeout", "the task did not end within TimeoutSeconds");
  });
  // When the work wins, the stopped timer has nobody left to tell.
  late.catch(() => undefined);
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } catch (cause) {
    if (scope.signal.aborted) throw new Stopped();
    throw cause;
  } finally {
    timer.abort();
  }
}
