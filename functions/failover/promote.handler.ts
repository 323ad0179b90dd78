import { failoverHere } from "../aws/failover-here.ts";
import { seatedRegistry, seatedStandby } from "../aws/rds-seated.ts";
import { remoteSql } from "../aws/sql-remote.ts";
import { lambda } from "../kernel/lambda.ts";
import { gate } from "./gate.ts";
import { promote } from "./promote.ts";
import { type StepEvent, take } from "./step.ts";

const { account, clock, here } = failoverHere(process.env);
const [registry, sql] = [seatedRegistry(clock), remoteSql(clock)];
const standby = seatedStandby(clock, account);

export const handler = lambda(async (event: StepEvent) => {
  const site = await here();
  const ports = { registry: registry(site.fleet), sql, standby: standby(site.fleet) };
  return take({ promote, gate }, { ...site, ...ports }, event);
});
