import type { Clock } from "../kernel/clock.ts";
import {
  type Beat,
  type Reading,
  SQL_BATCH,
  SQL_FUNCTION,
  type SqlAnswer,
  type SqlRequest,
  type SqlTarget,
  type Storage,
} from "../sql/contract.ts";
import type { Gauge, Pulse } from "../watch/ports.ts";
import { inBatches } from "./batches.ts";
import { type Call, lambdaCalls } from "./lambda-call.ts";

/** Two turns of servers that do not answer, and a cold start inside a VPC. */
const SETTINGS = { answerSeconds: 11, answerFloorMs: 4000 };

export const lambdaPulse = (clock: Clock): Pulse & Gauge => pulseBy(lambdaCalls(clock, SETTINGS));

export function pulseBy(call: Call): Pulse & Gauge {
  const ask = async <T>(
    region: string,
    operation: (SqlRequest & { operation: "read" | "beat" | "storage" })["operation"],
    targets: readonly SqlTarget[],
  ) => {
    const answers = await inBatches(SQL_BATCH, targets, (batch) =>
      call<SqlAnswer<T>>(region, SQL_FUNCTION, { operation, targets: batch } satisfies SqlRequest),
    );
    return answers.flatMap(({ results }) => results);
  };
  return {
    read: (region, targets) => ask<Reading>(region, "read", targets),
    storage: (region, targets) => ask<Storage>(region, "storage", targets),
    beat: (region, targets) => ask<Beat>(region, "beat", targets),
  };
}
