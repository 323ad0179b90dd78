import { describe, expect, it } from "vitest";
import { CONTROL, HOME, STANDBY, type World } from "../fakes/failover-world.ts";
import { flagIn, recordsDebt, rewriteAll, withoutRoute53 } from "../fakes/record-rounds.ts";

const CELL = "cell--eu-central-2-eu-central-1-automatic";
const [ACME, BIRCH] = ["db.acme.example.ch", "db.birch.example.ch"];
const newPrimary = (id: string) => `${id}-db-standby.${STANDBY}.rds`;
const oldPrimary = (id: string) => `${id}-db.${HOME}.rds`;

/** acme and birch share a cell; both are lost together, and the API of Route 53 with them. */
function lostCell(): World {
  const world = withoutRoute53("cell", [CELL]);
  world.lose("birch");
  world.signpost.isRaised = () => flagIn(world, CELL) === "raised";
  return world;
}

const failBirchOver = (world: World) => world.failover(world.request({ instance: "birch" }));

describe("the flag of a cell", () => {
  it("stays down while a member would be led to a standby", async () => {
    const world = lostCell();
    const run = await world.failover();
    expect(run).toMatchObject({ status: "halted", output: { Error: "CloudUnreachable" } });
    expect(JSON.stringify(run.output)).toContain("would lead birch to a standby");
    expect(flagIn(world, CELL)).toBe("lowered");
    expect(world.signpost.answer(BIRCH)).toBe(oldPrimary("birch"));
  });

  it("is not kept down by a member that has left", async () => {
    const world = lostCell();
    for (const region of [HOME, STANDBY, CONTROL]) {
      const ledger = world.ledgers.at(region);
      const roles = ledger.peek<object>("roles/birch.json");
      ledger.put("roles/birch.json", { ...roles, epoch: 2, leftAt: "2026-11-01T00:00:00.000Z" });
    }
    expect(await world.failover()).toMatchObject({ status: "done" });
    expect(flagIn(world, CELL)).toBe("raised");
    expect(world.signpost.answer(ACME)).toBe(newPrimary("acme"));
    expect(recordsDebt(world, STANDBY)).toMatchObject({ state: "owed", instance: "acme" });
  });

  it("is not needed by the member that waits: its records are written as soon as the API answers", async () => {
    const world = lostCell();
    await world.failover();
    world.signpost.apiLost = false;
    await rewriteAll(world);
    expect(world.signpost.answer(ACME)).toBe(newPrimary("acme"));
    expect(recordsDebt(world, STANDBY)).toMatchObject({ state: "paid", flag: "none" });
    expect(world.targets(BIRCH)).toEqual([oldPrimary("birch"), newPrimary("birch")]);
    expect(flagIn(world, CELL)).toBe("lowered");
  });

  it("owes nothing any more when the failover writes its records itself after all", async () => {
    const world = lostCell();
    let flips = 0;
    world.before = (step) => {
      if (step === "flip") flips += 1;
      world.signpost.apiLost = flips < 5;
    };
    const run = await world.failover();
    expect(run.status).toBe("done");
    expect(recordsDebt(world, STANDBY)).toMatchObject({ state: "cancelled" });
  });

  it("is raised by the last member to be promoted, and leads all of them over", async () => {
    const world = lostCell();
    await world.failover();
    const run = await failBirchOver(world);
    expect(run.status).toBe("done");
    expect(flagIn(world, CELL)).toBe("raised");
    expect(world.signpost.answer(ACME)).toBe(newPrimary("acme"));
    expect(world.signpost.answer(BIRCH)).toBe(newPrimary("birch"));
    const flag = { id: CELL, site: STANDBY };
    expect(recordsDebt(world, STANDBY)).toMatchObject({ state: "owed", flag });
    expect(recordsDebt(world, STANDBY, "birch")).toMatchObject({ state: "owed", flag });
  });

  it("is lowered once, after the records of all members were written in one batch", async () => {
    const world = lostCell();
    await world.failover();
    await failBirchOver(world);
    world.signpost.apiLost = false;
    const answers = new Set<string>();
    world.signpost.onCall = () => {
      for (const name of [ACME, BIRCH]) answers.add(String(world.signpost.answer(name)));
    };
    await rewriteAll(world);
    expect(world.signpost.batches[0]).toHaveLength(8);
    expect(flagIn(world, CELL)).toBe("lowered");
    for (const id of ["acme", "birch"]) {
      expect(recordsDebt(world, STANDBY, id)).toMatchObject({ state: "paid" });
    }
    expect(answers).toEqual(new Set([newPrimary("acme"), newPrimary("birch")]));
  });

  it("stays up for all while the records of one cannot be written", async () => {
    const world = lostCell();
    await world.failover();
    await failBirchOver(world);
    world.signpost.apiLost = false;
    world.signpost.refused.add(BIRCH);
    const outcomes = await rewriteAll(world);
    expect(world.targets(ACME)).toEqual([newPrimary("acme"), newPrimary("acme")]);
    expect(flagIn(world, CELL)).toBe("raised");
    expect(outcomes.map(({ detail }) => detail).join("\n")).toContain("still leads birch over");
    world.signpost.refused.clear();
    await rewriteAll(world);
    expect(flagIn(world, CELL)).toBe("lowered");
  });

  it("is another one for an instance that fails over under other conditions", async () => {
    const world = lostCell();
    const [acme, birch] = world.fleet.instances;
    if (!acme || !birch) throw new Error("the world has two");
    Object.assign(birch, { failover: "approval" });
    const run = await world.failover();
    expect(run.status).toBe("done");
    expect(flagIn(world, CELL)).toBe("raised");
    expect(recordsDebt(world, STANDBY, "birch")).toBeUndefined();
  });

  it("does not speak for a member that stands in another direction by now", async () => {
    const world = lostCell();
    for (const region of [HOME, STANDBY, "eu-west-1"]) {
      world.ledgers.at(region).put("roles/birch.json", {
        instance: "birch",
        epoch: 3,
        primary: { region: STANDBY, database: "birch-db-standby" },
        standby: { region: HOME, database: "birch-db-r2" },
        ...{ owner: HOME, since: "2026-11-20T10:00:00.000Z", by: "reprotect" },
      });
    }
    const run = await world.failover();
    expect(run.status).toBe("done");
    expect(flagIn(world, CELL)).toBe("raised");
    expect(recordsDebt(world, STANDBY, "birch")).toBeUndefined();
  });
});
