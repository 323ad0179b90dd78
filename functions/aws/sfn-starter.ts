import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { executionName, FAILOVER_MACHINE } from "../failover/contract.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Starter } from "../watch/ports.ts";
import { clientSettings } from "./clients.ts";
import { cloudError, errorName } from "./cloud-errors.ts";

interface Home {
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
}

/** Starts the failover machine of the site it runs in: the owner of an instance recovers it. */
export function sfnStarter({ account, region, clock }: Home): Starter {
  const client = new SFNClient(clientSettings(clock));
  const stateMachineArn = `arn:aws:states:${region}:${account}:stateMachine:${FAILOVER_MACHINE}`;
  return {
    async start(request) {
      const name = executionName(request);
      try {
        const input = JSON.stringify(request);
        await client.send(new StartExecutionCommand({ stateMachineArn, name, input }));
      } catch (cause) {
        // The name stands for the failure and its epoch: it has been started already.
        if (errorName(cause) === "ExecutionAlreadyExists") return;
        throw cloudError(cause, `start the failover ${name}`);
      }
    },
  };
}
