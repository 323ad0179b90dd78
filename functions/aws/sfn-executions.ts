import { DescribeExecutionCommand, SFNClient } from "@aws-sdk/client-sfn";
import type { Executions } from "../failover/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { answered, errorName } from "./cloud-errors.ts";

export function stepFunctionsExecutions(clock: Clock): Executions {
  const clients = perRegion((region) => new SFNClient(clientSettings(clock, { region })));
  return {
    async isRunning(arn) {
      const region = arn.split(":")[3] ?? "";
      try {
        const call = clients(region).send(new DescribeExecutionCommand({ executionArn: arn }));
        const { status } = await answered(`describe ${arn}`, call);
        return status === "RUNNING" || status === "PENDING_REDRIVE";
      } catch (cause) {
        if (errorName(cause) === "ExecutionDoesNotExist") return false;
        throw cause;
      }
    },
  };
}
