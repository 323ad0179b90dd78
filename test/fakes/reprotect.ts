import { ASSESS } from "../../functions/failover/assess-steps.ts";
import { BUILD } from "../../functions/failover/build-steps.ts";
import { FAILOVER_FUNCTIONS } from "../../functions/failover/contract.ts";
import { DROP } from "../../functions/failover/drop-steps.ts";
import { FLIP } from "../../functions/failover/flip-steps.ts";
import { RECORD } from "../../functions/failover/record-steps.ts";
import {
  BUILD_FUNCTION,
  DROP_FUNCTION,
  type ReprotectRequest,
  reprotectName,
} from "../../functions/failover/reprotect-contract.ts";
import { type StepEvent, take } from "../../functions/failover/step.ts";
import type { Notice } from "../../functions/notify/contract.ts";
import { reprotectDefinition } from "../../lib/infra/reprotect-definition.ts";
import { type Run, runLine } from "./asl-line.ts";
import { CONTROL, HOME, type World } from "./failover-world.ts";

/** The machine that gets acme a new standby, run to its end where a failover has started it. */
export async function reprotect(
  world: World,
  changes: Partial<ReprotectRequest> = {},
  name?: string,
): Promise<Run> {
  const begun = world.reprotects.begun.at(-1);
  const region = begun?.region ?? CONTROL;
  const request: ReprotectRequest = {
    ...{ instance: "acme", incident: "i1", epoch: 2, trigger: "person", reason: "by hand" },
    ...begun?.request,
    ...changes,
  };
  const execution = `arn:aws:states:${region}:111111111111:execution:sla-reprotect:${name ?? reprotectName(request)}`;
  const invoke = async (fn: string, payload: unknown) => {
    const event = payload as StepEvent;
    await world.before(event.step);
    const first = await taken(world, region, fn, event);
    return world.twice ? taken(world, region, fn, event) : first;
  };
  const pause = async (seconds: number) => {
    await world.clock.wait(seconds);
    world.meanwhile(seconds);
  };
  return runLine(
    reprotectDefinition((fn) => fn),
    request,
    execution,
    { invoke, pause, wait: async () => false },
  );
}

function taken(world: World, region: string, fn: string, event: StepEvent) {
  const { clock, fleet, databases, ledgers, signpost, stopChecks, reprotects } = world;
  const here = { region, fleet, ledgers: ledgers.at, clock };
  const messenger = { notify: async (notice: Notice) => void world.notices.push(notice) };
  const executions = { isRunning: async (arn: string) => world.running.has(arn) };
  const vantages = { probe: async () => undefined };
  const sees = { registry: databases, sql: databases };
  switch (fn) {
    case FAILOVER_FUNCTIONS.assess:
      return take(ASSESS, { ...here, ...sees, vantages, messenger, executions }, event);
    case BUILD_FUNCTION:
      return take(
        BUILD,
        { ...here, registry: databases, replicas: databases, fence: databases },
        event,
      );
    case DROP_FUNCTION:
      return take(DROP, { ...here, ...sees, removals: databases }, event);
    case FAILOVER_FUNCTIONS.flip:
      return take(FLIP, { ...here, signpost, oracle: signpost, vantages, stopChecks }, event);
    case FAILOVER_FUNCTIONS.record:
      return take(RECORD, { ...here, messenger, reprotects }, event);
    default:
      throw new Error(`${fn} is no part of it`);
  }
}

export const NEW_STANDBY = "acme-db-sla2";

export function newStandby({ databases }: World) {
  const found = databases.all.get(`${HOME}/${NEW_STANDBY}`);
  if (!found) throw new Error(`${NEW_STANDBY} was not built`);
  return found;
}
