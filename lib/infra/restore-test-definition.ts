import { CLOUD_ERRORS, NOT_YET } from "../../functions/failover/contract.ts";
import { FREEZE_FUNCTION } from "../../functions/freeze/contract.ts";
import {
  DISCARD_FUNCTION,
  FREEZE_STATES,
  RESTORE_FUNCTION,
  RESTORE_TEST_ENDS,
  RESTORE_TEST_STEPS,
  TEST_SECONDS,
} from "../../functions/restore/contract.ts";
import { CASE, type Json, LAMBDA_ERRORS } from "./failover-definition.ts";

/** Plan seconds a step may take: it waits for a function that reads tables for minutes. */
export const RESTORE_STEP_SECONDS = { function: 900, task: 960 } as const;
/** A test gives up by itself before; the hour is for what is left to delete. */
const MACHINE_SECONDS = TEST_SECONDS + 3600;

const ANSWER = "{% $states.result.Payload %}";
const FUNCTIONS = {
  restore: RESTORE_FUNCTION,
  discard: DISCARD_FUNCTION,
  freeze: FREEZE_FUNCTION,
} as const;
const PASSING = [NOT_YET, ...CLOUD_ERRORS, ...LAMBDA_ERRORS];

type Step =
  | (typeof RESTORE_TEST_STEPS)[number]
  | (typeof FREEZE_STATES)[number]
  | (typeof RESTORE_TEST_ENDS)[number];

type FunctionArn = (name: string) => string;

/**
 * The machine that proves a backup, in Amazon States Language: a straight line of typed functions with a wait beside each, and an end
 * that is reached from everywhere: what was restored is deleted, what was found recorded.
 */
export function restoreTestDefinition(functionArn: FunctionArn, freezes = false): Json {
  const [discard, record] = RESTORE_TEST_ENDS;
  const after = freezes ? "Freezes" : discard.state;
  const line = RESTORE_TEST_STEPS.map((step, index) =>
    states(functionArn, step, RESTORE_TEST_STEPS[index + 1]?.state ?? after, "Failed"),
  );
  return {
    Comment: "Restore a backup, prove what came back, delete it again: docs/architecture.md",
    QueryLanguage: "JSONata",
    StartAt: "Begin",
    TimeoutSeconds: MACHINE_SECONDS,
    States: {
      Begin: {
        Type: "Pass",
        Output: {
          request: CASE,
          execution: "{% $states.context.Execution.Id %}",
          startedAt: "{% $states.context.Execution.StartTime %}",
        },
        Next: RESTORE_TEST_STEPS[0].state,
      },
      ...Object.assign({}, ...line),
      ...(freezes && freezing(functionArn, discard.state)),
      Failed: failed(functionArn, discard.state),
      ...states(functionArn, discard, record.state, "NotDiscarded"),
      NotDiscarded: failed(functionArn, record.state),
      ...states(functionArn, record, "Proven", "NotRecorded"),
      Proven: {
        Type: "Choice",
        Choices: [{ Condition: "{% $exists($states.input.failure) %}", Next: "NotProven" }],
        Default: "Done",
      },
      Done: { Type: "Succeed" },
      NotProven: fail("failure.code", "failure.message"),
      NotRecorded: fail("error.Error", "error.Cause"),
    },
  };
}

/** `compare` has decided whether; the machine only goes there. */
function freezing(functionArn: FunctionArn, next: string): Json {
  const [start, look] = FREEZE_STATES;
  return {
    Freezes: {
      Type: "Choice",
      Choices: [{ Condition: "{% $exists($states.input.freeze) %}", Next: start.state }],
      Default: next,
    },
    ...states(functionArn, start, look.state, "Failed"),
    ...states(functionArn, look, next, "Failed"),
  };
}

function states(
  functionArn: FunctionArn,
  { state: name, step, by, everySeconds }: Step,
  next: string,
  otherwise: string,
): Json {
  const error = { case: CASE, error: "{% $states.errorOutput %}" };
  return {
    [name]: {
      ...call(functionArn, by, { step, case: CASE }),
      Catch: [
        { ErrorEquals: PASSING, Output: CASE, Next: `${name}Later` },
        { ErrorEquals: ["States.ALL"], Output: error, Next: otherwise },
      ],
      Next: next,
    },
    [`${name}Later`]: { Type: "Wait", Seconds: everySeconds, Next: name },
  };
}

const failed = (functionArn: FunctionArn, next: string): Json => ({
  ...call(functionArn, "restore", {
    step: "failed",
    case: "{% $states.input.case %}",
    error: "{% $states.input.error %}",
  }),
  Retry: [{ ErrorEquals: PASSING, IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 10 }],
  Next: next,
});

const call = (functionArn: FunctionArn, by: Step["by"], payload: Json): Json => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: { FunctionName: functionArn(FUNCTIONS[by]), Payload: payload },
  TimeoutSeconds: RESTORE_STEP_SECONDS.task,
  Output: ANSWER,
});

const fail = (error: string, cause: string): Json => ({
  Type: "Fail",
  Error: `{% $states.input.${error} %}`,
  Cause: `{% $states.input.${cause} %}`,
});
