import { NOT_YET } from "../failover/contract.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import type { Begun } from "./case.ts";
import { TEST_SECONDS, type TestFailure } from "./contract.ts";

/** Ends the test; what it has restored is deleted, and what was found recorded. */
export const fail = (code: TestFailure, message: string): never => {
  throw new SlaError(code, "operator", message);
};

/** The machine asks again later, until the time of the test is over. */
export function notYet(
  clock: Clock,
  { startedAt }: Begun,
  message: string,
  seconds = TEST_SECONDS,
): never {
  const lateMs = clock.now().getTime() - Date.parse(startedAt) - clock.paced(seconds, 60_000);
  if (lateMs > 0) return fail("RestoreTimedOut", `given up: ${message}`);
  throw new SlaError(NOT_YET, "cloud", message);
}
