import {
  GetHealthCheckStatusCommand,
  paginateListHealthChecks,
  Route53Client,
} from "@aws-sdk/client-route-53";
import type { StopChecks } from "../failover/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { clientSettings } from "./clients.ts";
import { answered, errorName } from "./cloud-errors.ts";

/** An inverted check reports what its path answers, as every other: `Success: HTTP Status Code 200, OK`. */
const GOOD = /^Success/;

export const route53Checks = (clock: Clock, turn?: () => Promise<void>): StopChecks =>
  checksBy(new Route53Client(clientSettings(clock, { region: "us-east-1" })), turn);

export function checksBy(
  client: Route53Client,
  turn: () => Promise<void> = async () => {},
): StopChecks {
  return {
    async named(reference) {
      await turn();
      const pages = paginateListHealthChecks({ client }, {});
      const all = await answered("list health checks", Array.fromAsync(pages));
      return all
        .flatMap(({ HealthChecks = [] }) => HealthChecks)
        .flatMap(({ CallerReference = "", Id = "" }) =>
          isNumbered(CallerReference, reference) ? [{ reference: CallerReference, id: Id }] : [],
        );
    },

    async seen(check) {
      await turn();
      try {
        const { HealthCheckObservations } = await answered(
          `see what the health check ${check} sees`,
          client.send(new GetHealthCheckStatusCommand({ HealthCheckId: check })),
        );
        return (HealthCheckObservations ?? []).flatMap(({ StatusReport }) =>
          StatusReport?.CheckedTime
            ? [
                {
                  at: StatusReport.CheckedTime.toISOString(),
                  raised: GOOD.test(StatusReport.Status ?? ""),
                },
              ]
            : [],
        );
      } catch (cause) {
        // Deleted by somebody: a record that still names it counts as healthy.
        if (errorName(cause) === "NoSuchHealthCheck") return undefined;
        throw cause;
      }
    },
  };
}

const isNumbered = (found: string, reference: string) =>
  found.startsWith(reference) && /^(-\d+)?$/.test(found.slice(reference.length));
