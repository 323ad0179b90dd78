import { lambdaCalls } from "../../functions/aws/lambda-call.ts";
import type { Clock } from "../../functions/kernel/clock.ts";
import {
  type FrozenSeals,
  SEALS_FUNCTION,
  type SealsQuestion,
} from "../../functions/report/contract.ts";

/** It reads a seal for each day since a month began. */
const ANSWER = { answerSeconds: 60, answerFloorMs: 30_000 } as const;

/** Asks a site's own function, since the frozen bucket lets nobody else in. */
export function frozenSeals(clock: Clock) {
  const call = lambdaCalls(clock, ANSWER);
  return (site: string, days: readonly string[]): Promise<FrozenSeals> => {
    const question: SealsQuestion = { frozenSeals: days };
    return call(site, SEALS_FUNCTION, question);
  };
}
