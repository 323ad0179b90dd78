import type { RunTaskRequest } from "@aws-sdk/client-ecs";
import { AwsError } from "../wire/service.ts";
import type { Json, TaskState } from "./definition.ts";
import { StateFailure } from "./failure.ts";
import { text } from "./history.ts";
import type { TaskResource } from "./resource.ts";
import type { Visit } from "./run.ts";
import * as events from "./task-history.ts";
import { lowerCamel, upperCamel } from "./words.ts";

/**
 * `ecs:runTask.sync`: begins a task and waits until it has stopped. It succeeds if all its containers exit with 0; else
 * `States.TaskFailed` with the task's description as the cause. A state that is left before stops its task.
 */
export async function runContainerTask(
  visit: Visit<TaskState>,
  resource: TaskResource,
  args: Json,
): Promise<Json> {
  const { run, scope } = visit;
  if (!run.tasks) throw new StateFailure("States.Runtime", "this cloud runs no container tasks");
  const running = begin(run.tasks, run, lowerCamel(args) as unknown as RunTaskRequest);
  events.submitted(visit, resource, upperCamel(running.answer));
  const stop = () => running.stop("Stopped by Step Functions");
  scope.signal.addEventListener("abort", stop, { once: true });
  if (scope.signal.aborted) stop();
  const ended = await running.ended;
  scope.signal.removeEventListener("abort", stop);
  const described = upperCamel(ended);
  const { containers = [] } = ended;
  if (containers.every(({ exitCode }) => exitCode === 0)) return described;
  throw new StateFailure("States.TaskFailed", text(described));
}

type Run = Visit["run"];

function begin(tasks: NonNullable<Run["tasks"]>, { region, caller }: Run, input: RunTaskRequest) {
  try {
    return tasks.run(region, input, caller);
  } catch (cause) {
    if (cause instanceof AwsError) throw new StateFailure(`ECS.${cause.code}`, cause.message);
    throw cause;
  }
}
