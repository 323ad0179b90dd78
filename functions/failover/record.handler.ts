import { alertMessenger } from "../aws/alert-messenger.ts";
import { failoverHere } from "../aws/failover-here.ts";
import { lambda } from "../kernel/lambda.ts";
import { halted } from "./halted.ts";
import { record } from "./record.ts";
import { roles } from "./roles.ts";
import { type StepEvent, take } from "./step.ts";

const { clock, here } = failoverHere(process.env);
const ports = { messenger: alertMessenger(clock) };

export const handler = lambda(async (event: StepEvent) =>
  take({ roles, record, halted }, { ...(await here()), ...ports }, event),
);
