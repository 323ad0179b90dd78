import { expect } from "vitest";
import type { Engine } from "../../lib/sla/engine.ts";
import { World } from "./failover-world.ts";

/** It serves, its standby follows. */
export function healthyWorld(engine: Engine): World {
  const world = new World({ engine });
  Object.assign(world.primary, { process: "runs", beatAt: undefined });
  world.standby.beatAt = undefined;
  return world;
}

export const promotionsIn = ({ databases }: World): readonly string[] =>
  databases.changes.filter((each) => each.startsWith("promote"));

export function expectUntouched(world: World): void {
  expect(promotionsIn(world)).toEqual([]);
  expect(world.roles).toMatchObject({ epoch: 1 });
  expect(world.primary.groups).toEqual(["sg-clients"]);
}

/** Fails a dead primary over that comes back at every step in turn, with clients that never left. */
export async function expectOneWriter(world: World): Promise<void> {
  let since = 0;
  world.before = () => {
    since += 1;
    if (since > 6) Object.assign(world.primary, { process: "runs", sessions: 2 });
    const serving = [world.primary, world.standby].filter((each) => each.acknowledgesNewClient());
    expect(serving.length).toBeLessThanOrEqual(1);
  };
  await world.failover();
  expect(world.standby.acknowledgesNewClient()).toBe(true);
  expect(world.primary.acknowledgesNewClient()).toBe(false);
}
