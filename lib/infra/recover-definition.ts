import { CLOUD_ERRORS, FAILOVER_FUNCTIONS, NOT_YET } from "../../functions/failover/contract.ts";
import {
  RECOVER_FUNCTION,
  RECOVER_HALT,
  RECOVER_STEPS,
  type RecoverStep,
} from "../../functions/recover/contract.ts";
import {
  begin,
  CASE,
  FOR_A_PERSON,
  type Json,
  LAMBDA_ERRORS,
  STEP_SECONDS,
} from "./failover-definition.ts";

// Nothing in here is decided by the clock: databases of terabytes are restored in hours.
const MACHINE_SECONDS = 24 * 3600;

/** How often a step may say `NotYet`; most have looked for some twenty seconds each time. */
const PATIENCE: Record<RecoverStep, number> = {
  // Vantages that are blind, when everything fails at once.
  "recover-admit": 60,
  // A backup that is being copied.
  "recover-restore": 120,
  // All that the machine's own time leaves.
  "recover-available": 2400,
  "recover-open": 60,
  "recover-adopt": 60,
  "recover-examine": 60,
  fence: 15,
  gate: 600,
  roles: 5,
  // Nothing else leads clients there: an API that is down is waited for.
  flip: 1000,
  prove: 240,
  record: 5,
};

const FUNCTIONS = { ...FAILOVER_FUNCTIONS, recover: RECOVER_FUNCTION } as const;

/**
 * The machine that brings an instance back from what its region keeps, in Amazon States Language: a straight line of typed
 * functions, from the fence on those of the failover. Where it halts, what was restored stays.
 */
export function recoverDefinition(functionArn: (name: string) => string): Json {
  const call = (by: keyof typeof FUNCTIONS, payload: Json): Json => ({
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Arguments: { FunctionName: functionArn(FUNCTIONS[by]), Payload: payload },
    TimeoutSeconds: STEP_SECONDS.task,
  });
  const line = RECOVER_STEPS.map(({ state, step, by, everySeconds }, index) => [
    state,
    {
      ...call(by, { step, case: CASE }),
      Output: "{% $states.result.Payload %}",
      Retry: [
        {
          ErrorEquals: [NOT_YET],
          IntervalSeconds: everySeconds,
          BackoffRate: 1,
          MaxAttempts: PATIENCE[step],
        },
        CLOUD,
      ],
      Catch: [
        {
          ErrorEquals: ["States.ALL"],
          Output: { case: CASE, error: "{% $states.errorOutput %}" },
          Next: RECOVER_HALT.state,
        },
      ],
      Next: RECOVER_STEPS[index + 1]?.state ?? "Done",
    },
  ]);
  return {
    Comment: "Restore what is kept, fence, flip, prove: docs/architecture.md",
    QueryLanguage: "JSONata",
    StartAt: "Begin",
    TimeoutSeconds: MACHINE_SECONDS,
    States: {
      Begin: begin(RECOVER_STEPS[0].state),
      ...Object.fromEntries(line),
      Done: { Type: "Succeed" },
      [RECOVER_HALT.state]: halted(call),
      ForAPerson: FOR_A_PERSON,
    },
  };
}

const halted = (call: (by: "record", payload: Json) => Json): Json => ({
  ...call(RECOVER_HALT.by, {
    step: RECOVER_HALT.step,
    case: "{% $states.input.case %}",
    error: "{% $states.input.error %}",
  }),
  Output: "{% $states.input.error %}",
  Retry: [CLOUD],
  Catch: [{ ErrorEquals: ["States.ALL"], Output: "{% $states.input.error %}", Next: "ForAPerson" }],
  Next: "ForAPerson",
});

/** While a region is lost, others stumble. */
const CLOUD: Json = {
  ErrorEquals: [...CLOUD_ERRORS, ...LAMBDA_ERRORS],
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxAttempts: 60,
  MaxDelaySeconds: 60,
  JitterStrategy: "FULL",
};
