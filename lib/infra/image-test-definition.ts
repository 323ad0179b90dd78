import {
  BOOT_FUNCTION,
  IMAGE_TEST_ENDS,
  IMAGE_TEST_SECONDS,
  IMAGE_TEST_STEPS,
  TERMINATE_FUNCTION,
} from "../../functions/restore/image-contract.ts";
import type { Json } from "./failover-definition.ts";
import { type FunctionArn, testDefinition } from "./test-definition.ts";

/** A test gives up by itself before; the hour is for what is left to end. */
const MACHINE_SECONDS = IMAGE_TEST_SECONDS + 3600;

const FUNCTIONS = { boot: BOOT_FUNCTION, terminate: TERMINATE_FUNCTION } as const;

/** The machine that proves an image: what was started is ended, what was found recorded. */
export const imageTestDefinition = (functionArn: FunctionArn): Json =>
  testDefinition({
    comment: "Start a machine from an image, see that it comes up, end it: docs/architecture.md",
    seconds: MACHINE_SECONDS,
    ...{ line: IMAGE_TEST_STEPS, ends: IMAGE_TEST_ENDS, judge: "boot" },
    arnOf: (by) => functionArn(FUNCTIONS[by]),
  });
