import { alertMessenger } from "../aws/alert-messenger.ts";
import { failoverHere } from "../aws/failover-here.ts";
import { remoteVantages } from "../aws/probe-remote.ts";
import { seatedRegistry } from "../aws/rds-seated.ts";
import { stepFunctionsExecutions } from "../aws/sfn-executions.ts";
import { remoteSql } from "../aws/sql-remote.ts";
import { lambda } from "../kernel/lambda.ts";
import { ASSESS } from "./assess-steps.ts";
import { type StepEvent, take } from "./step.ts";

const { clock, here, ledgers, region } = failoverHere(process.env);
const registry = seatedRegistry(clock);
const ports = {
  sql: remoteSql(clock),
  vantages: remoteVantages(clock),
  executions: stepFunctionsExecutions(clock),
  messenger: alertMessenger(clock, ledgers(region)),
};

export const handler = lambda(async (event: StepEvent) => {
  const site = await here();
  return take(ASSESS, { ...site, ...ports, registry: registry(site.fleet) }, event);
});
