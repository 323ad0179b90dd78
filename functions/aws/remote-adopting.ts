import type { Adopting } from "../failover/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { ADOPT_FUNCTION, type Adopted, type SqlResult } from "../sql/contract.ts";
import { lambdaCalls } from "./lambda-call.ts";

/** A few statements, each with patience for a volume that is still being filled. */
const SETTINGS = { answerSeconds: 100, answerFloorMs: 20_000, maxAttempts: 1 };

export function remoteAdopting(clock: Clock, region: string): Adopting {
  const call = lambdaCalls(clock, SETTINGS);
  return { ask: (request) => call<SqlResult<Adopted>>(region, ADOPT_FUNCTION, request) };
}
