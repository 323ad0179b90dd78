import { alertMessenger } from "../aws/alert-messenger.ts";
import { failoverHere } from "../aws/failover-here.ts";
import { lambda } from "../kernel/lambda.ts";
import { type AskEvent, ask } from "./ask.ts";

const { clock, here, ledgers, region } = failoverHere(process.env);
const ports = { messenger: alertMessenger(clock, ledgers(region)) };

export const handler = lambda(async (event: AskEvent) =>
  ask({ ...(await here()), ...ports }, event),
);
