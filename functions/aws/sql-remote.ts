import type { Sql } from "../failover/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { SQL_FUNCTION, type SqlAnswer, type SqlRequest } from "../sql/contract.ts";
import { lambdaCalls } from "./lambda-call.ts";

/** Connecting to a dead host takes its whole time-out; the function itself ends after 30 s. */
const SETTINGS = { answerSeconds: 35, answerFloorMs: 3000, maxAttempts: 1 };

/** `answerFloorMs`: what a rehearsal leaves of the patience at least; failovers are measured, so theirs is short. */
export function remoteSql(clock: Clock, { answerFloorMs = SETTINGS.answerFloorMs } = {}): Sql {
  const call = lambdaCalls(clock, { ...SETTINGS, answerFloorMs });
  return {
    async ask<T>(region: string, request: SqlRequest) {
      const { results } = await call<SqlAnswer<T>>(region, SQL_FUNCTION, request);
      const [result] = results;
      if (result) return result;
      throw new SlaError("FunctionFailed", "bug", `${SQL_FUNCTION} in ${region} answered nothing`);
    },
  };
}
