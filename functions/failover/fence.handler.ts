import { failoverHere } from "../aws/failover-here.ts";
import { seatedFence, seatedRegistry } from "../aws/rds-seated.ts";
import { remoteSql } from "../aws/sql-remote.ts";
import { lambda } from "../kernel/lambda.ts";
import { FENCE } from "./fence-steps.ts";
import { type StepEvent, take } from "./step.ts";

const { clock, here } = failoverHere(process.env);
const [registry, sql, fence] = [seatedRegistry(clock), remoteSql(clock), seatedFence(clock)];

export const handler = lambda(async (event: StepEvent) => {
  const site = await here();
  const ports = { registry: registry(site.fleet), sql, fence: fence(site.fleet) };
  return take(FENCE, { ...site, ...ports }, event);
});
