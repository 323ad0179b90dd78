import { GetFunctionUrlConfigCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateHealthCheckCommand,
  DeleteHealthCheckCommand,
  type Route53Client,
} from "@aws-sdk/client-route-53";
import { clientSettings, perRegion } from "../../../functions/aws/clients.ts";
import { answered, errorName } from "../../../functions/aws/cloud-errors.ts";
import { allChecksBy, checksBy } from "../../../functions/aws/route53-checks.ts";
import { FLAG_FUNCTION, type Flag } from "../../../functions/flag/contract.ts";
import type { Clock } from "../../../functions/kernel/clock.ts";
import { keys } from "../../../functions/ledger/contract.ts";
import type { Ledgers } from "../../../functions/ledger/ledger.ts";
import type { Stops } from "./ports.ts";

/** As Route 53 offers it at its quickest: three looks of ten seconds. */
const CHECK = { Port: 443, RequestInterval: 10, FailureThreshold: 3 } as const;

export function stopDesk(
  client: Route53Client,
  clock: Clock,
  ledgers: Ledgers,
  turn: () => Promise<void>,
): Stops {
  const lambda = perRegion((region) => new LambdaClient(clientSettings(clock, { region })));
  const checks = checksBy(client, turn);
  const all = allChecksBy(client);
  return {
    flag: async (site, id) => (await ledgers(site).read<Flag>(keys.flag(id)))?.value,

    async host(site) {
      const command = new GetFunctionUrlConfigCommand({ FunctionName: FLAG_FUNCTION });
      try {
        const said = await answered(
          `ask ${site} where flags are answered`,
          lambda(site).send(command),
        );
        return said.FunctionUrl === undefined ? undefined : new URL(said.FunctionUrl).hostname;
      } catch (cause) {
        if (errorName(cause) === "ResourceNotFoundException") return undefined;
        throw cause;
      }
    },

    checks: async () => {
      await turn();
      return all.all();
    },

    async make(reference, host, path) {
      await turn();
      const command = new CreateHealthCheckCommand({
        CallerReference: reference,
        HealthCheckConfig: {
          ...CHECK,
          Type: "HTTPS",
          FullyQualifiedDomainName: host,
          ResourcePath: path,
          EnableSNI: true,
          Inverted: true,
        },
      });
      try {
        await answered(`make the health check ${reference}`, client.send(command));
        return "made";
      } catch (cause) {
        if (errorName(cause) === "HealthCheckAlreadyExists") return "used-up";
        throw cause;
      }
    },

    seen: (check) => checks.seen(check),

    async remove(check) {
      await turn();
      const command = new DeleteHealthCheckCommand({ HealthCheckId: check });
      try {
        await answered(`delete the health check ${check}`, client.send(command));
      } catch (cause) {
        if (errorName(cause) !== "NoSuchHealthCheck") throw cause;
      }
    },
  };
}
