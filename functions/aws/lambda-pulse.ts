import type { Clock } from "../kernel/clock.ts";
import {
  type Beat,
  type Reading,
  SQL_FUNCTION,
  type SqlAnswer,
  type SqlRequest,
} from "../sql/contract.ts";
import type { Pulse } from "../watch/ports.ts";
import { lambdaCalls } from "./lambda-call.ts";

/** A server that takes the connection late and answers late, and a cold start inside a VPC. */
const SETTINGS = { answerSeconds: 11, answerFloorMs: 2000, maxAttempts: 2 };

export function lambdaPulse(clock: Clock): Pulse {
  const call = lambdaCalls(clock, SETTINGS);
  const ask = async <T>(region: string, request: SqlRequest) =>
    (await call<SqlAnswer<T>>(region, SQL_FUNCTION, request)).results;
  return {
    read: (region, targets) => ask<Reading>(region, { operation: "read", targets }),
    beat: (region, targets) => ask<Beat>(region, { operation: "beat", targets }),
  };
}
