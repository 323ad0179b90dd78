import {
  GetHealthCheckStatusCommand,
  paginateListHealthChecks,
  Route53Client,
} from "@aws-sdk/client-route-53";
import type { StopChecks } from "../failover/ports.ts";
import { isNumbered, type NamedCheck } from "../flag/contract.ts";
import type { Clock } from "../kernel/clock.ts";
import type { StopChecks as AllChecks } from "../prepared/ports.ts";
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
      const all = await allChecks(client);
      return all.filter((check) => isNumbered(check.reference, reference));
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

/** For looks that compare many at once. */
export const route53AllChecks = (clock: Clock): AllChecks =>
  allChecksBy(new Route53Client(clientSettings(clock, { region: "us-east-1" })));

export const allChecksBy = (client: Route53Client): AllChecks => ({ all: () => allChecks(client) });

async function allChecks(client: Route53Client): Promise<readonly NamedCheck[]> {
  const pages = paginateListHealthChecks({ client }, {});
  const all = await answered("list health checks", Array.fromAsync(pages));
  return all
    .flatMap(({ HealthChecks = [] }) => HealthChecks)
    .map(({ CallerReference = "", Id = "" }) => ({ reference: CallerReference, id: Id }));
}
