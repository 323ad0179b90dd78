import type { Clock } from "../kernel/clock.ts";
import type { Reader } from "../restore/ports.ts";
import { CONTENT_FUNCTION, type Content, type SqlResult } from "../sql/contract.ts";
import { lambdaCalls } from "./lambda-call.ts";

/** It looks for four minutes and lets its last statements end. */
const SETTINGS = { answerSeconds: 880, answerFloorMs: 60_000, maxAttempts: 1 };

export function remoteReader(clock: Clock, region: string): Reader {
  const call = lambdaCalls(clock, SETTINGS);
  return { ask: (request) => call<SqlResult<Content>>(region, CONTENT_FUNCTION, request) };
}
