import type { Clock } from "../kernel/clock.ts";
import { PROBE_FUNCTION, type ProbeAnswer } from "../probe/contract.ts";
import type { Vantages } from "../watch/ports.ts";
import { lambdaCalls } from "./lambda-call.ts";

/** A probe that connects and waits to the end, and a cold start: longer is an abstention. */
const SETTINGS = { answerSeconds: 11, answerFloorMs: 1500, maxAttempts: 2 };

export function lambdaVantages(clock: Clock): Vantages {
  const call = lambdaCalls(clock, SETTINGS);
  return { probe: (region, request) => call<ProbeAnswer>(region, PROBE_FUNCTION, request) };
}
