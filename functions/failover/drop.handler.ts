import { failoverHere } from "../aws/failover-here.ts";
import { rdsRegistry } from "../aws/rds-registry.ts";
import { rdsRemovals } from "../aws/rds-removals.ts";
import { remoteSql } from "../aws/sql-remote.ts";
import { lambda } from "../kernel/lambda.ts";
import { DROP } from "./drop-steps.ts";
import { type StepEvent, take } from "./step.ts";

const { clock, here } = failoverHere(process.env);
const ports = {
  registry: rdsRegistry(clock),
  sql: remoteSql(clock),
  removals: rdsRemovals(clock),
};

export const handler = lambda(async (event: StepEvent) =>
  take(DROP, { ...(await here()), ...ports }, event),
);
