import { failoverHere } from "../aws/failover-here.ts";
import { rdsFence } from "../aws/rds-fence.ts";
import { rdsRegistry } from "../aws/rds-registry.ts";
import { remoteSql } from "../aws/sql-remote.ts";
import { lambda } from "../kernel/lambda.ts";
import { FENCE } from "./fence-steps.ts";
import { type StepEvent, take } from "./step.ts";

const { clock, here } = failoverHere(process.env);
const ports = { registry: rdsRegistry(clock), sql: remoteSql(clock), fence: rdsFence(clock) };

export const handler = lambda(async (event: StepEvent) =>
  take(FENCE, { ...(await here()), ...ports }, event),
);
