import { SendTaskSuccessCommand, SFNClient } from "@aws-sdk/client-sfn";
import type { Waker } from "../approval/ports.ts";
import type { Clock } from "../kernel/clock.ts";
import { clientSettings } from "./clients.ts";
import { answered } from "./cloud-errors.ts";
import { stepFunctionsExecutions } from "./sfn-executions.ts";

/** Machines of this region. */
export function stepFunctionsWaker(clock: Clock): Waker {
  const client = new SFNClient(clientSettings(clock));
  return {
    ...stepFunctionsExecutions(clock),
    async wake(taskToken) {
      const call = client.send(new SendTaskSuccessCommand({ taskToken, output: "{}" }));
      await answered("wake a failover that was answered", call);
    },
  };
}
