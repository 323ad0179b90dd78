import { failoverHere } from "../aws/failover-here.ts";
import { rdsRegistry } from "../aws/rds-registry.ts";
import { rdsReplicas } from "../aws/rds-replicas.ts";
import { lambda } from "../kernel/lambda.ts";
import { BUILD } from "./build-steps.ts";
import { type StepEvent, take } from "./step.ts";

const { clock, here } = failoverHere(process.env);
const ports = { registry: rdsRegistry(clock), replicas: rdsReplicas(clock) };

export const handler = lambda(async (event: StepEvent) =>
  take(BUILD, { ...(await here()), ...ports }, event),
);
