import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import type { Reprotects } from "../failover/ports.ts";
import { REPROTECT_MACHINE, reprotectExecution } from "../failover/reprotect-contract.ts";
import type { Clock } from "../kernel/clock.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { cloudError, errorName } from "./cloud-errors.ts";

export function sfnReprotects({ account, clock }: { account: string; clock: Clock }): Reprotects {
  const clients = perRegion((region) => new SFNClient(clientSettings(clock, { region })));
  return {
    async start(region, request) {
      const stateMachineArn = `arn:aws:states:${region}:${account}:stateMachine:${REPROTECT_MACHINE}`;
      const name = reprotectExecution(request);
      try {
        const input = JSON.stringify(request);
        await clients(region).send(new StartExecutionCommand({ stateMachineArn, name, input }));
      } catch (cause) {
        // The name stands for the instance, its epoch and the cause: it has been started already.
        if (errorName(cause) === "ExecutionAlreadyExists") return;
        throw cloudError(cause, `start ${name} in ${region}`);
      }
    },
  };
}
