import { ec2TestTerminating } from "../aws/ec2-test-machines.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { reapMachines, terminate } from "./image-terminate.ts";
import type { TerminateWorld } from "./image-world.ts";
import { type StepEvent, take } from "./step.ts";

const env = parseEnv({ AWS_REGION: text }, process.env);
const clock = clockFrom(process.env);
const machines = ec2TestTerminating(clock, { region: env.AWS_REGION });
const world: TerminateWorld = { clock, machines };

/** Steps of the machine; from its schedule, without one, it looks for what a crash has left. */
export const handler = lambda(async (event: Partial<StepEvent>) => {
  const { step, case: current } = event;
  if (step !== undefined && current) return take({ terminate }, world, { step, case: current });
  const reaped = await reapMachines(world);
  console.log(JSON.stringify({ level: "info", reaped }));
  return { reaped };
});
