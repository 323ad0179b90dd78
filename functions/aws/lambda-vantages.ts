import type { Clock } from "../kernel/clock.ts";
import {
  PROBE_BATCH,
  PROBE_FUNCTION,
  type ProbeAnswer,
  type ProbeRequest,
} from "../probe/contract.ts";
import type { Vantages } from "../watch/ports.ts";
import { inBatches } from "./batches.ts";
import { type Call, lambdaCalls } from "./lambda-call.ts";

/** A probe that connects and waits to the end, and a cold start: longer is an abstention. */
const SETTINGS = { answerSeconds: 11, answerFloorMs: 4000 };

export const lambdaVantages = (clock: Clock): Vantages => vantagesBy(lambdaCalls(clock, SETTINGS));

export const vantagesBy = (call: Call): Vantages => ({
  async probe(region, request) {
    const answers = await inBatches(PROBE_BATCH, request.targets, (targets) =>
      call<ProbeAnswer>(region, PROBE_FUNCTION, { ...request, targets } satisfies ProbeRequest),
    );
    const seeing = answers.filter(({ blind }) => !blind);
    return {
      vantage: region,
      blind: seeing.length === 0,
      results: seeing.flatMap(({ results }) => results),
    };
  },
});
