import { inLanes } from "../../../functions/kernel/lanes.ts";
import type { Fleet, Instance } from "../../sla/fleet.ts";
import type { AdoptWorld } from "./ports.ts";
import type { Case, Step, Wish } from "./step.ts";
import { type WalkReport, walk } from "./walk.ts";

export interface Order {
  readonly fleet: Fleet;
  readonly instances: readonly Instance[];
  readonly world: AdoptWorld;
  readonly wish: Wish;
  /** Made anew for each instance. */
  readonly steps: () => readonly Step[];
  readonly dryRun: boolean;
  readonly tell: (instance: string, step: string, is: string, says: string) => void;
}

/**
 * At once. RDS copies at most twenty snapshots into a region at a time, and makes a replica of each; what is more waits there, and
 * its calls would wait for nothing.
 */
const LANES = 20;

/** Each by itself: one that needs a person, or meets a defect of ours, keeps nobody else waiting. Rejects with the first defect. */
export async function adoptAll(order: Order): Promise<readonly WalkReport[]> {
  const { fleet, instances, world, wish, steps, dryRun, tell } = order;
  const defects: unknown[] = [];
  const walks = await inLanes(LANES, instances, async (instance) => {
    const plan = fleet.plans[instance.plan];
    if (!plan) throw new RangeError(`the fleet has no plan '${instance.plan}'`);
    const on: Case = { fleet, instance, plan, world, wish };
    const told = (step: string, is: string, says: string) => tell(instance.id, step, is, says);
    return walk(steps(), on, { dryRun, tell: told }).catch((cause: unknown) => {
      defects.push(cause);
      return undefined;
    });
  });
  if (defects.length > 0) throw defects[0];
  return walks.flatMap((report) => report ?? []);
}
