import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { stepLines } from "../../../lib/operator/step-lines.ts";

const at = (seconds: number) => new Date(Date.parse("2026-11-21T10:00:00.000Z") + seconds * 1000);
const entered = (id: number, name: string): HistoryEvent => ({
  ...{ id, timestamp: at(id), type: "TaskStateEntered" },
  stateEnteredEventDetails: { name },
});
const exited = (id: number, output: unknown): HistoryEvent => ({
  ...{ id, timestamp: at(id), type: "TaskStateExited" },
  stateExitedEventDetails: { name: "any", output: JSON.stringify(output) },
});
const failed = (id: number, error: string, errorMessage: string): HistoryEvent => ({
  ...{ id, timestamp: at(id), type: "TaskFailed" },
  taskFailedEventDetails: {
    ...{ resourceType: "lambda", resource: "invoke", error },
    cause: JSON.stringify({ errorMessage }),
  },
});
const took = (step: string, detail: string) => ({ step, detail });

describe("the history of an execution, for people", () => {
  it("is one line a step, in its own words, a wait said once", () => {
    const lines = stepLines([
      { id: 1, timestamp: at(0), type: "ExecutionStarted" },
      entered(2, "Preflight"),
      failed(3, "NotYet", "acme-db-standby is backing-up"),
      failed(4, "NotYet", "acme-db-standby is backing-up"),
      exited(5, { timeline: [took("admit", "admitted"), took("preflight", "fit")] }),
    ]);
    expect(lines).toEqual([
      { id: 3, state: "Preflight", words: "waits: acme-db-standby is backing-up", seconds: 3 },
      { id: 5, state: "Preflight", words: "fit", seconds: 5 },
    ]);
  });

  it("says once that a person is waited for, however often it looks for an answer", () => {
    const fit = { timeline: [took("preflight", "fit")] };
    const approved = { timeline: [...fit.timeline, took("approve", "approved by ops")] };
    const lines = stepLines([
      ...[entered(1, "Approve"), failed(2, "AwaitsAnswer", "nobody has answered"), exited(3, fit)],
      ...[entered(4, "AwaitAnswer"), failed(5, "States.Timeout", "too late"), exited(6, fit)],
      ...[entered(7, "Approve"), failed(8, "AwaitsAnswer", "nobody has answered"), exited(9, fit)],
      ...[entered(10, "AwaitAnswer"), exited(11, fit)],
      ...[entered(12, "Approve"), exited(13, approved)],
    ]);
    expect(lines.map(({ state, words }) => `${state} ${words}`)).toEqual([
      "Approve waits: nobody has answered",
      "Approve approved by ops",
    ]);
  });

  it("says a halt and what became of the fence, and no step's words twice", () => {
    const before = [took("admit-again", "admitted again")];
    const error = { Error: "HaltStandbyUnfit" };
    const lines = stepLines([
      entered(1, "Drain"),
      failed(2, "HaltStandbyUnfit", "it does not answer"),
      exited(3, { case: { timeline: before }, error }),
      entered(4, "Unfence"),
      exited(5, { case: { timeline: [...before, took("unfence", "fence off: sg-1")] }, error }),
      entered(6, "Halted"),
      exited(7, error),
    ]);
    expect(lines.map(({ state, words }) => `${state} ${words}`)).toEqual([
      "Drain HaltStandbyUnfit: it does not answer",
      "Unfence fence off: sg-1",
    ]);
  });
});
