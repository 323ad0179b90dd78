import {
  ALREADY_UNDER_WAY,
  ANSWERED,
  AWAITS_ANSWER,
  CLOUD_ERRORS,
  FAILOVER_FUNCTIONS,
  FAILOVER_STEPS,
  type FailoverFunction,
  type FailoverStep,
  HALT_STEPS,
  type HaltStep,
  NOT_PROMOTED,
  NOT_YET,
  WAIT_FOR_ANSWER,
} from "../../functions/failover/contract.ts";
import { APPROVAL_LOOK_SECONDS } from "../sla/approval.ts";

/** Longest time-out of the functions behind the machine, in seconds, and that of a task around it. */
export const STEP_SECONDS = { function: 120, task: 150 } as const;

// Nothing in here is decided by the clock: a failover that is late still has to end.
const MACHINE_SECONDS = 24 * 3600;

/** How often a step may say `NotYet`; most have looked for some twenty seconds each time. */
const PATIENCE: Partial<Record<FailoverStep | HaltStep, number>> = {
  // One look each: vantages that are blind or throttled for minutes, when everything fails at once.
  admit: 90,
  "admit-again": 90,
  preflight: 15,
  fence: 15,
  promote: 15,
  // RDS takes 3 to 12 minutes, longer for large databases; then there is no way back anyway.
  gate: 600,
  prove: 120,
  unfence: 15,
};

/** Of an invocation that did not come to an answer of ours. */
export const LAMBDA_ERRORS = [
  "Lambda.ServiceException",
  "Lambda.AWSLambdaException",
  "Lambda.SdkClientException",
  "Lambda.TooManyRequestsException",
  "Lambda.Unknown",
  // A process that died over its invocation: every step may be repeated.
  "Runtime.ExitError",
  "Sandbox.Timedout",
  "States.Timeout",
];

const POINT_OF_NO_RETURN: FailoverStep = "promote";
export const CASE = "{% $states.input %}";
const ANSWER = "{% $states.result.Payload %}";
// What failed travels beside the case; the steps that halt read both.
const STOPPED = { case: "{% $states.input %}", error: "{% $states.errorOutput %}" };
const STOPPED_CASE = { case: "{% $states.input.case %}", error: "{% $states.input.error %}" };

export type Json = Readonly<Record<string, unknown>>;

/** The case as the first step of a machine finds it. */
export const begin = (next: string): Json => ({
  Type: "Pass",
  Output: {
    request: CASE,
    execution: "{% $states.context.Execution.Id %}",
    startedAt: "{% $states.context.Execution.StartTime %}",
    timeline: [],
  },
  Next: next,
});

/** Where a machine ends that only a person can go on with; what failed is its input. */
export const FOR_A_PERSON: Json = {
  Type: "Fail",
  Error: "{% $states.input.Error %}",
  Cause: "{% $states.input.Cause %}",
};

/**
 * The failover machine in Amazon States Language: a straight line of typed functions. Its expressions
 * only hand values on; nothing is decided by one.
 */
export function failoverDefinition(functionArn: (name: string) => string): Json {
  const call = (by: FailoverFunction, payload: Json): Json => ({
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Arguments: { FunctionName: functionArn(FAILOVER_FUNCTIONS[by]), Payload: payload },
    TimeoutSeconds: STEP_SECONDS.task,
  });
  const turn = FAILOVER_STEPS.findIndex(({ step }) => step === POINT_OF_NO_RETURN);
  const line = FAILOVER_STEPS.map(({ state, step, by }, index) => [
    state,
    {
      ...call(by, { step, case: CASE }),
      Output: ANSWER,
      Retry: [notYet(step), cloud(index < turn ? 10 : 60)],
      Catch: index < turn ? catchBefore(step) : catchAfter(step),
      Next: FAILOVER_STEPS[index + 1]?.state ?? "Done",
    },
  ]);
  const [unfence, halted] = HALT_STEPS;
  return {
    Comment: "Fence, promote, flip, prove: docs/architecture.md",
    QueryLanguage: "JSONata",
    StartAt: "Begin",
    TimeoutSeconds: MACHINE_SECONDS,
    States: {
      Begin: begin(FAILOVER_STEPS[0].state),
      ...Object.fromEntries(line),
      [WAIT_FOR_ANSWER.state]: awaitAnswer(functionArn(FAILOVER_FUNCTIONS[WAIT_FOR_ANSWER.by])),
      ...ENDS,
      [unfence.state]: {
        ...call(unfence.by, { step: unfence.step, ...STOPPED_CASE }),
        Output: { case: ANSWER, error: "{% $states.input.error %}" },
        Retry: [notYet(unfence.step), cloud(20)],
        // The fence may still be on: Halted says so, because the case does not say that it is off.
        Catch: [{ ErrorEquals: ["States.ALL"], Output: CASE, Next: halted.state }],
        Next: halted.state,
      },
      [halted.state]: {
        ...call(halted.by, { step: halted.step, ...STOPPED_CASE }),
        Output: "{% $states.input.error %}",
        Retry: [cloud(20)],
        Catch: [
          { ErrorEquals: ["States.ALL"], Output: "{% $states.input.error %}", Next: "ForAPerson" },
        ],
        Next: "ForAPerson",
      },
      ForAPerson: FOR_A_PERSON,
    },
  };
}

const ENDS = {
  Done: { Type: "Succeed" },
  // It did nothing; its output says who is at work.
  UnderWayElsewhere: { Type: "Succeed" },
} as const;

/** Ends when somebody wakes it or after a while: either way the answer is in the ledger, where `approve` looks. */
const awaitAnswer = (asking: string): Json => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
  Arguments: {
    FunctionName: asking,
    Payload: { case: CASE, token: "{% $states.context.Task.Token %}" },
  },
  TimeoutSeconds: APPROVAL_LOOK_SECONDS,
  Output: CASE,
  Retry: [cloud(10, ["States.Timeout"])],
  Catch: [
    { ErrorEquals: ["States.Timeout", ANSWERED], Output: CASE, Next: "Approve" },
    stop("Unfence"),
  ],
  Next: "Approve",
});

const stop = (next: string, errors: readonly string[] = ["States.ALL"]): Json => ({
  ErrorEquals: errors,
  Output: STOPPED,
  Next: next,
});

// Nobody has answered, or another one is at work: nothing is wrong, and nothing stopped.
const ASIDE: Partial<Record<FailoverStep, Json>> = {
  admit: { ErrorEquals: [ALREADY_UNDER_WAY], Output: STOPPED, Next: "UnderWayElsewhere" },
  approve: { ErrorEquals: [AWAITS_ANSWER], Output: CASE, Next: WAIT_FOR_ANSWER.state },
};

const catchBefore = (step: FailoverStep): readonly Json[] => [
  ...[ASIDE[step] ?? []].flat(),
  stop("Unfence"),
];

// Refused for good or for now, or stopped before it asked, leave no doubt; after every other failure a promotion may have begun.
const catchAfter = (step: FailoverStep): readonly Json[] =>
  step === POINT_OF_NO_RETURN
    ? [stop("Unfence", [...NOT_PROMOTED, NOT_YET]), stop("Halted")]
    : [stop("Halted")];

const notYet = (step: FailoverStep | HaltStep): Json => ({
  ErrorEquals: [NOT_YET],
  IntervalSeconds: 1,
  BackoffRate: 1,
  MaxAttempts: PATIENCE[step] ?? 5,
});

const cloud = (attempts: number, unless: readonly string[] = []): Json => ({
  ErrorEquals: CLOUD.filter((name) => !unless.includes(name)),
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxAttempts: attempts,
  MaxDelaySeconds: 60,
  JitterStrategy: "FULL",
});

const CLOUD = [...CLOUD_ERRORS, ...LAMBDA_ERRORS];
