import { auroraGroups } from "../aws/aurora-groups.ts";
import { failoverHere } from "../aws/failover-here.ts";
import { rdsReplicas } from "../aws/rds-replicas.ts";
import { seatedRegistry } from "../aws/rds-seated.ts";
import { lambda } from "../kernel/lambda.ts";
import { BUILD } from "./build-steps.ts";
import { type StepEvent, take } from "./step.ts";

const { clock, here } = failoverHere(process.env);
const [registry, replicas] = [seatedRegistry(clock), rdsReplicas(clock)];
const fence = auroraGroups(clock);

export const handler = lambda(async (event: StepEvent) => {
  const site = await here();
  const ports = { registry: registry(site.fleet), replicas, fence };
  return take(BUILD, { ...site, ...ports }, event);
});
