import { FREEZE_FUNCTION } from "../../functions/freeze/contract.ts";
import {
  DISCARD_FUNCTION,
  FREEZE_STATES,
  RESTORE_FUNCTION,
  RESTORE_TEST_ENDS,
  RESTORE_TEST_STEPS,
  TEST_SECONDS,
} from "../../functions/restore/contract.ts";
import type { Json } from "./failover-definition.ts";
import { type FunctionArn, steps, testDefinition } from "./test-definition.ts";

/** A test gives up by itself before; the hour is for what is left to delete. */
const MACHINE_SECONDS = TEST_SECONDS + 3600;

const FUNCTIONS = {
  restore: RESTORE_FUNCTION,
  discard: DISCARD_FUNCTION,
  freeze: FREEZE_FUNCTION,
} as const;

/** The machine that proves a backup: what was restored is deleted, what was found recorded. */
export function restoreTestDefinition(functionArn: FunctionArn, freezes = false): Json {
  const arnOf = (by: keyof typeof FUNCTIONS) => functionArn(FUNCTIONS[by]);
  const [discard] = RESTORE_TEST_ENDS;
  return testDefinition({
    comment: "Restore a backup, prove what came back, delete it again: docs/architecture.md",
    seconds: MACHINE_SECONDS,
    ...{ line: RESTORE_TEST_STEPS, ends: RESTORE_TEST_ENDS, arnOf, judge: "restore" },
    ...(freezes && { between: { first: "Freezes", states: freezing(arnOf, discard.state) } }),
  });
}

/** `compare` has decided whether; the machine only goes there. */
function freezing(arnOf: (by: "freeze") => string, next: string): Json {
  const [start] = FREEZE_STATES;
  return {
    Freezes: {
      Type: "Choice",
      Choices: [{ Condition: "{% $exists($states.input.freeze) %}", Next: start.state }],
      Default: next,
    },
    ...steps(arnOf, FREEZE_STATES, next),
  };
}
