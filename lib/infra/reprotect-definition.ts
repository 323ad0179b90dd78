import { CLOUD_ERRORS, FAILOVER_FUNCTIONS, NOT_YET } from "../../functions/failover/contract.ts";
import {
  BUILD_FUNCTION,
  DROP_FUNCTION,
  OVERTAKEN,
  POINT_AGAIN,
  REPROTECT_ENDS,
  REPROTECT_STEPS,
  REPROTECT_WITHOUT_DROP,
} from "../../functions/failover/reprotect-contract.ts";
import {
  begin,
  CASE,
  FOR_A_PERSON,
  type Json,
  LAMBDA_ERRORS,
  STEP_SECONDS,
} from "./failover-definition.ts";

/** A region may be lost for days; a person is told by the alarm when it takes longer. */
export const REPROTECT_SECONDS = 7 * 24 * 3600;

const ANSWER = "{% $states.result.Payload %}";
const FUNCTIONS = { ...FAILOVER_FUNCTIONS, build: BUILD_FUNCTION, drop: DROP_FUNCTION } as const;
type By = keyof typeof FUNCTIONS;

/** What passes by itself: it is waited for in minutes, for as long as the machine lives. */
const PASSING = [NOT_YET, ...CLOUD_ERRORS, ...LAMBDA_ERRORS];

/**
 * The machine that gets an instance a new standby, in Amazon States Language: a straight line of typed functions,
 * each with a wait of minutes beside it to which it goes as long as something is not there yet.
 */
export function reprotectDefinition(functionArn: (name: string) => string): Json {
  const call = (by: By, payload: Json): Json => ({
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Arguments: { FunctionName: functionArn(FUNCTIONS[by]), Payload: payload },
    TimeoutSeconds: STEP_SECONDS.task,
  });
  const line = REPROTECT_STEPS.flatMap(({ state, step, by, everySeconds }, index) => [
    [
      state,
      {
        ...call(by, { step, case: CASE }),
        Output: ANSWER,
        Catch: [
          { ErrorEquals: PASSING, Output: CASE, Next: waiting(state) },
          ...(step === "reprotect-roles" ? [pointAgain] : []),
          { ...stopped, ErrorEquals: [OVERTAKEN], Next: overtaken.state },
          { ...stopped, ErrorEquals: ["States.ALL"], Next: halted.state },
        ],
        Next: REPROTECT_STEPS[index + 1]?.state ?? "Done",
      },
    ],
    [waiting(state), { Type: "Wait", Seconds: everySeconds, Next: state }],
  ]);
  return {
    Comment: "Build a new standby, hand the instance over to its site: docs/architecture.md",
    QueryLanguage: "JSONata",
    StartAt: "Begin",
    TimeoutSeconds: REPROTECT_SECONDS,
    States: {
      Begin: begin("WhichWay"),
      WhichWay: {
        Type: "Choice",
        Choices: [
          {
            Condition: "{% $exists($states.input.request.drop) %}",
            Next: REPROTECT_STEPS[0].state,
          },
        ],
        Default: REPROTECT_WITHOUT_DROP,
      },
      ...Object.fromEntries(line),
      Done: { Type: "Succeed" },
      [overtaken.state]: { ...end(call, overtaken), Output: ANSWER, Next: "Done" },
      [halted.state]: {
        ...end(call, halted),
        Output: "{% $states.input.error %}",
        Catch: [
          { ErrorEquals: ["States.ALL"], Output: "{% $states.input.error %}", Next: "ForAPerson" },
        ],
        Next: "ForAPerson",
      },
      ForAPerson: FOR_A_PERSON,
    },
  };
}

const [overtaken, halted] = REPROTECT_ENDS;

const pointAgain = {
  ErrorEquals: [POINT_AGAIN],
  Output: CASE,
  Next: "Signpost" satisfies (typeof REPROTECT_STEPS)[number]["state"],
};

const waiting = (state: string) => `${state}Later`;

const stopped = { Output: { case: CASE, error: "{% $states.errorOutput %}" } };

const end = (
  call: (by: By, payload: Json) => Json,
  { by, step }: (typeof REPROTECT_ENDS)[number],
): Json => ({
  ...call(by, {
    step,
    case: "{% $states.input.case %}",
    error: "{% $states.input.error %}",
  }),
  Retry: [
    {
      ErrorEquals: PASSING,
      IntervalSeconds: 1,
      BackoffRate: 2,
      MaxAttempts: 20,
      MaxDelaySeconds: 60,
      JitterStrategy: "FULL",
    },
  ],
});
