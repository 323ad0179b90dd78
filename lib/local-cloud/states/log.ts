import type { HistoryEvent } from "@aws-sdk/client-sfn";
import type { EventLog } from "../event-log.ts";
import type { Execution } from "./execution.ts";

type Record = (event: HistoryEvent) => { readonly [key: string]: unknown };

/** Which history events the cloud's log repeats, and what it tells of them. */
const LOGGED: readonly (readonly [suffix: string, operation: string, detail: Record])[] = [
  ["StateEntered", "StateEntered", (event) => ({ state: event.stateEnteredEventDetails?.name })],
  ["StateExited", "StateExited", (event) => ({ state: event.stateExitedEventDetails?.name })],
  ["TaskFailed", "TaskFailed", (event) => ({ error: event.taskFailedEventDetails?.error })],
  ["TaskTimedOut", "TaskTimedOut", (event) => ({ error: event.taskTimedOutEventDetails?.error })],
  [
    "EvaluationFailed",
    "EvaluationFailed",
    ({ evaluationFailedEventDetails: details }) => ({
      state: details?.state,
      cause: details?.cause,
    }),
  ],
  ["ExecutionStarted", "ExecutionStarted", () => ({})],
  ["ExecutionSucceeded", "ExecutionSucceeded", () => ({})],
  ["ExecutionAborted", "ExecutionAborted", () => ({})],
  ["ExecutionTimedOut", "ExecutionTimedOut", () => ({})],
  [
    "ExecutionFailed",
    "ExecutionFailed",
    ({ executionFailedEventDetails: details }) => ({
      error: details?.error,
      cause: details?.cause,
    }),
  ],
];

export function logged(log: EventLog, { machine, by }: Execution, event: HistoryEvent): void {
  const row = LOGGED.find(([suffix]) => event.type?.endsWith(suffix));
  if (!row) return;
  const [, operation, detail] = row;
  log.record({
    region: machine.region,
    service: "states",
    operation,
    ...(by.trace !== undefined && { trace: by.trace }),
    detail: { machine: machine.name, execution: by.name, ...detail(event) },
  });
}
