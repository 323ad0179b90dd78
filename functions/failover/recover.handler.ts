import { alertMessenger } from "../aws/alert-messenger.ts";
import { failoverHere } from "../aws/failover-here.ts";
import { remoteVantages } from "../aws/probe-remote.ts";
import { rdsKept } from "../aws/rds-kept.ts";
import { rdsRecoveries } from "../aws/rds-recoveries.ts";
import { rdsRegistry } from "../aws/rds-registry.ts";
import { remoteAdopting } from "../aws/remote-adopting.ts";
import { secretsHere } from "../aws/secrets.ts";
import { stepFunctionsExecutions } from "../aws/sfn-executions.ts";
import { remoteSql } from "../aws/sql-remote.ts";
import { lambda } from "../kernel/lambda.ts";
import { RECOVER } from "./recover-steps.ts";
import { type StepEvent, take } from "./step.ts";

const { clock, here, ledgers, region } = failoverHere(process.env);
const ports = {
  registry: rdsRegistry(clock),
  sql: remoteSql(clock),
  vantages: remoteVantages(clock),
  executions: stepFunctionsExecutions(clock),
  messenger: alertMessenger(clock, ledgers(region)),
  kept: rdsKept(clock, region),
  recoveries: rdsRecoveries(clock, { region }, secretsHere(clock)),
  adopting: remoteAdopting(clock, region),
};

export const handler = lambda(async (event: StepEvent) =>
  take(RECOVER, { ...(await here()), ...ports }, event),
);
