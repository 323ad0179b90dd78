import { describe, expect, it } from "vitest";
import { STANDBY, World } from "../fakes/failover-world.ts";

const OTHER = "arn:aws:states:eu-central-1:111111111111:execution:sla-failover:fo-other";

/** Broken off and redriven days later: meanwhile another failover of acme has the lock, or has let it go. */
function redrivenAt(step: string, lock: object): World {
  const world = new World();
  world.before = (each) => {
    if (each === step) world.ledgers.at(STANDBY).put("locks/acme.json", lock);
  };
  return world;
}

const LOCKS: readonly (readonly [string, object])[] = [
  ["is held by another", { state: "held", by: OTHER, until: "2026-11-21T12:00:00.000Z" }],
  ["was let go", { state: "free", by: OTHER, since: "2026-11-21T09:00:00.000Z" }],
];

describe.each(LOCKS)("a machine of yesterday, whose lock %s", (_, lock) => {
  it.each(["evidence", "preflight", "fence"])("changes nothing from %s on", async (step) => {
    const world = redrivenAt(step, lock);
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "HaltLocked" });
    expect(world.databases.changes).toEqual([]);
  });

  it.each(["drain", "promote"])("promotes nothing from %s on", async (step) => {
    const world = redrivenAt(step, lock);
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "HaltLocked" });
    expect(world.standby.source).toBeDefined();
    expect(world.signpost.batches).toEqual([]);
  });
});

describe("names that another failover has led elsewhere since", () => {
  it.each(LOCKS)("stay there when the lock %s", async (_, lock) => {
    const world = redrivenAt("flip", lock);
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "HaltLocked" });
    expect(world.signpost.batches).toEqual([]);
  });
});

describe("a fence that another failover needs", () => {
  it("is not taken off by one that stops, and nobody is told to", async () => {
    const [[, held]] = LOCKS as readonly [(typeof LOCKS)[number]];
    const world = redrivenAt("drain", held);
    await world.failover();
    expect(world.primary.groups).toEqual(["sg-2q"]);
    const mail = world.notices.find(({ kind }) => kind === "failover-halted")?.lines.join("\n");
    expect(mail).toContain("The fence of acme-db in eu-central-2 stays on: fo-other has the lock");
    expect(mail).not.toContain("modify-db-instance");
  });
});
