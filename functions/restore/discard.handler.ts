import { rdsDiscards } from "../aws/rds-restores.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv, text } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { discard, reap } from "./discard.ts";
import { type StepEvent, take } from "./step.ts";
import type { DiscardWorld } from "./world.ts";

const env = parseEnv({ AWS_REGION: text }, process.env);
const clock = clockFrom(process.env);
const world: DiscardWorld = { clock, discards: rdsDiscards(clock, { region: env.AWS_REGION }) };

/** Steps of the machine; from its schedule, without one, it looks for what a crash has left. */
export const handler = lambda(async (event: Partial<StepEvent>) => {
  const { step, case: current } = event;
  if (step !== undefined && current) return take({ discard }, world, { step, case: current });
  const reaped = await reap(world);
  console.log(JSON.stringify({ level: "info", reaped }));
  return { reaped };
});
