import { CLOUD_ERRORS, NOT_YET } from "../../functions/failover/contract.ts";
import { CASE, type Json, LAMBDA_ERRORS } from "./failover-definition.ts";

/** Plan seconds a step may take: it waits for a function that reads tables for minutes. */
export const RESTORE_STEP_SECONDS = { function: 900, task: 960 } as const;

const ANSWER = "{% $states.result.Payload %}";
const PASSING = [NOT_YET, ...CLOUD_ERRORS, ...LAMBDA_ERRORS];

interface Step<By extends string> {
  readonly state: string;
  readonly step: string;
  readonly by: By;
  readonly everySeconds: number;
}

export type FunctionArn = (name: string) => string;
type ArnOf<By extends string> = (by: By) => string;

interface TestLine<By extends string> {
  readonly comment: string;
  /** Plan seconds after which it is broken off. */
  readonly seconds: number;
  readonly line: readonly [Step<By>, ...Step<By>[]];
  /** Throws away, then records. */
  readonly ends: readonly [Step<By>, Step<By>];
  readonly arnOf: ArnOf<By>;
  /** Who notes that a step has failed. */
  readonly judge: By;
  /** Between the line and its ends, where there is something. */
  readonly between?: { readonly first: string; readonly states: Json };
}

/**
 * A machine that tests something, in Amazon States Language: a straight line of typed functions with a wait beside each, and an end that is
 * reached from everywhere.
 */
export function testDefinition<By extends string>(test: TestLine<By>): Json {
  const { comment, seconds, line, ends, arnOf, judge, between } = test;
  const [discard, record] = ends;
  const failed = (next: string) => failedState(arnOf(judge), next);
  return {
    Comment: comment,
    QueryLanguage: "JSONata",
    StartAt: "Begin",
    TimeoutSeconds: seconds,
    States: {
      Begin: {
        Type: "Pass",
        Output: {
          request: CASE,
          execution: "{% $states.context.Execution.Id %}",
          startedAt: "{% $states.context.Execution.StartTime %}",
        },
        Next: line[0].state,
      },
      ...steps(arnOf, line, between?.first ?? discard.state),
      ...between?.states,
      Failed: failed(discard.state),
      ...stepStates(arnOf, discard, record.state, "NotDiscarded"),
      NotDiscarded: failed(record.state),
      ...stepStates(arnOf, record, "Proven", "NotRecorded"),
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

/** One after the other; whatever fails for good leads to the ends. */
export function steps<By extends string>(
  arnOf: ArnOf<By>,
  line: readonly Step<By>[],
  next: string,
): Json {
  const states = line.map((step, index) =>
    stepStates(arnOf, step, line[index + 1]?.state ?? next, "Failed"),
  );
  return Object.assign({}, ...states);
}

function stepStates<By extends string>(
  arnOf: ArnOf<By>,
  { state: name, step, by, everySeconds }: Step<By>,
  next: string,
  otherwise: string,
): Json {
  const error = { case: CASE, error: "{% $states.errorOutput %}" };
  return {
    [name]: {
      ...call(arnOf(by), { step, case: CASE }),
      Catch: [
        { ErrorEquals: PASSING, Output: CASE, Next: `${name}Later` },
        { ErrorEquals: ["States.ALL"], Output: error, Next: otherwise },
      ],
      Next: next,
    },
    [`${name}Later`]: { Type: "Wait", Seconds: everySeconds, Next: name },
  };
}

const failedState = (arn: string, next: string): Json => ({
  ...call(arn, {
    step: "failed",
    case: "{% $states.input.case %}",
    error: "{% $states.input.error %}",
  }),
  Retry: [{ ErrorEquals: PASSING, IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 10 }],
  Next: next,
});

const call = (arn: string, payload: Json): Json => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: { FunctionName: arn, Payload: payload },
  TimeoutSeconds: RESTORE_STEP_SECONDS.task,
  Output: ANSWER,
});

const fail = (error: string, cause: string): Json => ({
  Type: "Fail",
  Error: `{% $states.input.${error} %}`,
  Cause: `{% $states.input.${cause} %}`,
});
