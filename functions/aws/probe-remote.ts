import type { Vantages } from "../failover/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { lambdaVantages } from "./lambda-vantages.ts";

/** A vantage that cannot be asked abstains: who counts the votes needs a majority anyway. */
export function remoteVantages(clock: Clock): Vantages {
  const vantages = lambdaVantages(clock);
  return {
    async probe(region, request) {
      try {
        return await vantages.probe(region, request);
      } catch (cause) {
        console.warn(JSON.stringify({ level: "warn", vantage: region, message: String(cause) }));
        return undefined;
      }
    },
  };
}
