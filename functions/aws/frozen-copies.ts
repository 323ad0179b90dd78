import type { Shelf } from "../download/ports.ts";
import { FREEZE_FUNCTION, type FrozenCopy, type FrozenQuestion } from "../freeze/contract.ts";
import type { Clock } from "../kernel/clock.ts";
import { lambdaCalls } from "./lambda-call.ts";

/** Less than API Gateway waits. */
const ANSWER = { answerSeconds: 20, answerFloorMs: 20_000, maxAttempts: 1 } as const;

/** Frozen copies as the function says that may look into their bucket. */
export function frozenCopies(clock: Clock, region: string): Shelf {
  const call = lambdaCalls(clock, ANSWER);
  return {
    copies(instance) {
      const question: FrozenQuestion = { copiesOf: instance };
      return call<readonly FrozenCopy[]>(region, FREEZE_FUNCTION, question);
    },
  };
}
