import { alertMessenger } from "../aws/alert-messenger.ts";
import { failoverHere } from "../aws/failover-here.ts";
import { sfnReprotects } from "../aws/sfn-reprotects.ts";
import { lambda } from "../kernel/lambda.ts";
import { RECORD } from "./record-steps.ts";
import { type StepEvent, take } from "./step.ts";

const { account, clock, here, ledgers, region } = failoverHere(process.env);
const ports = {
  messenger: alertMessenger(clock, ledgers(region)),
  reprotects: sfnReprotects({ account, clock }),
};

export const handler = lambda(async (event: StepEvent) =>
  take(RECORD, { ...(await here()), ...ports }, event),
);
