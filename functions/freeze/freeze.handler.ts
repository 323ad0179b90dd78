import { ecsTasks } from "../aws/ecs-tasks.ts";
import { s3Vault } from "../aws/s3-vault.ts";
import { clockFrom } from "../kernel/clock.ts";
import { parseEnv } from "../kernel/env.ts";
import { lambda } from "../kernel/lambda.ts";
import { type FreezeEvent, type FrozenQuestion, freezeEnv } from "./contract.ts";
import { copiesOf } from "./copies.ts";
import { freeze } from "./freeze.ts";

const env = parseEnv(freezeEnv, process.env);
const clock = clockFrom(process.env);
const network = { subnets: env.FREEZE_SUBNETS.split(","), group: env.FREEZE_GROUP };
const world = {
  clock,
  tasks: ecsTasks(clock, network),
  vault: s3Vault(clock, env.FROZEN_BUCKET),
  retainDays: env.FROZEN_DAYS,
};

export const handler = lambda(async (event: FreezeEvent | FrozenQuestion) =>
  "copiesOf" in event ? copiesOf(world.vault, event.copiesOf) : freeze(world, event),
);
