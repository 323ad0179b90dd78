import { failoverHere } from "../aws/failover-here.ts";
import { rdsRegistry } from "../aws/rds-registry.ts";
import { rdsStandby } from "../aws/rds-standby.ts";
import { remoteSql } from "../aws/sql-remote.ts";
import { lambda } from "../kernel/lambda.ts";
import { gate } from "./gate.ts";
import { promote } from "./promote.ts";
import { type StepEvent, take } from "./step.ts";

const { clock, here } = failoverHere(process.env);
const ports = { registry: rdsRegistry(clock), sql: remoteSql(clock), standby: rdsStandby(clock) };

export const handler = lambda(async (event: StepEvent) =>
  take({ promote, gate }, { ...(await here()), ...ports }, event),
);
