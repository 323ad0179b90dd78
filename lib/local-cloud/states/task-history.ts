import type { Json, TaskState } from "./definition.ts";
import type { StateFailure } from "./failure.ts";
import { text, whole } from "./history.ts";
import type { TaskResource } from "./resource.ts";
import type { Visit } from "./run.ts";

/** The events of one attempt at a task: optimised integrations and plain functions name them apart. */
export function started(visit: Visit<TaskState>, resource: TaskResource, args: Json): void {
  const { run, scope } = visit;
  if (resource.kind === "function") {
    run.history.record(scope.thread, "LambdaFunctionScheduled", {
      lambdaFunctionScheduledEventDetails: {
        resource: resource.arn,
        input: text(args),
        inputDetails: whole,
      },
    });
    run.history.record(scope.thread, "LambdaFunctionStarted");
    return;
  }
  run.history.record(scope.thread, "TaskScheduled", {
    taskScheduledEventDetails: { ...named(resource), region: run.region, parameters: text(args) },
  });
  run.history.record(scope.thread, "TaskStarted", { taskStartedEventDetails: named(resource) });
}

/** The call has been answered; what the task waits for now is its token, or the end of what was begun. */
export function submitted({ run, scope }: Visit<TaskState>, resource: TaskResource, answer: Json) {
  run.history.record(scope.thread, "TaskSubmitted", {
    taskSubmittedEventDetails: {
      ...named(resource),
      output: text(answer),
      outputDetails: whole,
    },
  });
}

export function succeeded(visit: Visit<TaskState>, resource: TaskResource, result: Json): void {
  const output = { output: text(result), outputDetails: whole };
  const { run, scope } = visit;
  if (resource.kind === "function") {
    run.history.record(scope.thread, "LambdaFunctionSucceeded", {
      lambdaFunctionSucceededEventDetails: output,
    });
    return;
  }
  run.history.record(scope.thread, "TaskSucceeded", {
    taskSucceededEventDetails: { ...named(resource), ...output },
  });
}

export function failed(visit: Visit<TaskState>, resource: TaskResource, failure: StateFailure) {
  const { run, scope } = visit;
  const details = { error: failure.name, cause: failure.message };
  const late = failure.name === "States.Timeout" || failure.name === "States.HeartbeatTimeout";
  if (resource.kind === "function") {
    run.history.record(
      scope.thread,
      late ? "LambdaFunctionTimedOut" : "LambdaFunctionFailed",
      late
        ? { lambdaFunctionTimedOutEventDetails: details }
        : { lambdaFunctionFailedEventDetails: details },
    );
    return;
  }
  const task = { ...named(resource), ...details };
  run.history.record(
    scope.thread,
    late ? "TaskTimedOut" : "TaskFailed",
    late ? { taskTimedOutEventDetails: task } : { taskFailedEventDetails: task },
  );
}

const named = ({ kind, token }: TaskResource) =>
  kind === "ecs:runTask"
    ? { resourceType: "ecs", resource: "runTask.sync" }
    : { resourceType: "lambda", resource: token ? "invoke.waitForTaskToken" : "invoke" };
