import { describe, expect, it } from "vitest";
import { FAILOVER_STEPS } from "../../functions/failover/contract.ts";
import { STANDBY, World } from "../fakes/failover-world.ts";

const names = FAILOVER_STEPS.map(({ step }) => step);
const turn = names.indexOf("promote");
const [BEFORE, AFTER] = [names.slice(0, turn + 1), names.slice(turn + 1)];

/** A person stops the failover just before this step. */
function stoppedBefore(name: string, execution?: string): World {
  const world = new World();
  const wish = {
    ...{ instance: "acme", reason: "the wrong one", at: "2026-11-21T10:00:50.000Z" },
    execution: execution ?? world.executionOf(world.request()),
  };
  world.before = (step) => {
    if (step === name) world.ledgers.at(STANDBY).put("aborts/acme.json", wish);
  };
  return world;
}

const promotions = (world: World) =>
  world.databases.changes.filter((change) => change.startsWith("promote"));

describe("a failover that a person stops", () => {
  it.each(BEFORE)("before %s promotes nothing and leaves no fence", async (step) => {
    const world = stoppedBefore(step);
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "HaltAborted" });
    expect(run.states).toContain("Unfence");
    expect(promotions(world)).toEqual([]);
    expect(world.primary.groups).toEqual(["sg-clients"]);
    expect(world.roles).toMatchObject({ epoch: 1 });
    expect(world.signpost.batches).toEqual([]);
    const lock = world.ledgers.at(STANDBY).peek<{ state: string }>("locks/acme.json");
    expect(lock?.state).not.toBe("held");
  });

  it.each(AFTER)("before %s goes on to its end: there is no way back", async (step) => {
    const world = stoppedBefore(step);
    expect((await world.failover()).status).toBe("done");
    expect(world.roles).toMatchObject({ epoch: 2 });
  });

  it("when the answer to the promotion was lost goes on as well", async () => {
    const world = stoppedBefore("promote");
    const asked = { state: "asked", at: "2026-11-21T10:00:49.000Z" };
    const stop = world.before;
    world.before = async (step) => {
      await stop(step);
      if (step !== "promote") return;
      const [admit = ""] = world.ledgers.at(STANDBY).keys("failovers/acme/");
      world.ledgers.at(STANDBY).put(admit.replace(/[^/]+$/, "promote.json"), asked);
    };
    expect((await world.failover()).status).toBe("done");
  });

  it("is the one that was meant, not the next", async () => {
    const world = stoppedBefore("admit", "arn:aws:states:x:1:execution:sla-failover:another");
    expect((await world.failover()).status).toBe("done");
  });

  it("can be begun again", async () => {
    const world = stoppedBefore("drain");
    await world.failover();
    const run = await world.failover(world.request({ trigger: "person" }), "fo-acme-again");
    expect(run.status).toBe("done");
    expect(promotions(world)).toHaveLength(1);
  });
});
