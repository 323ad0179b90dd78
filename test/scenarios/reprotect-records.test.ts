import { describe, expect, it } from "vitest";
import { keys } from "../../functions/ledger/contract.ts";
import { CONTROL, STANDBY, type World } from "../fakes/failover-world.ts";
import { flagIn, recordsDebt, rewriteAll, withoutRoute53 } from "../fakes/record-rounds.ts";
import { newStandby, reprotect } from "../fakes/reprotect.ts";

const CELL = "cell--eu-central-2-eu-central-1-automatic";
const ACME = "db.acme.example.ch";
const NEW_PRIMARY = `acme-db-standby.${STANDBY}.rds`;

/** acme has failed over with Route 53's API there, birch of the same cell has not. */
async function failedOver(): Promise<World> {
  const world = withoutRoute53("cell", [CELL]);
  world.signpost.isRaised = () => flagIn(world, CELL) === "raised";
  world.signpost.apiLost = false;
  const run = await world.failover();
  if (run.status !== "done") throw new Error(JSON.stringify(run.output));
  return world;
}

/** birch is lost while Route 53's API is away: the cell's flag leads acme as well, so its records are owed and written. */
async function birchIsLost(world: World): Promise<void> {
  const { before } = world;
  world.before = () => {};
  world.signpost.apiLost = true;
  world.lose("birch");
  const run = await world.failover(world.request({ instance: "birch" }));
  expect([run.status, flagIn(world, CELL)]).toEqual(["done", "raised"]);
  expect(recordsDebt(world, STANDBY)?.state).toBe("owed");
  world.signpost.apiLost = false;
  await rewriteAll(world, 30);
  world.before = before;
}

describe("records that somebody else writes while a new standby is made known", () => {
  it.each(["reprotect-in-sync", "reprotect-roles"])(
    "lead to it all the same if that was before %s",
    async (step) => {
      const world = await failedOver();
      let happened = 0;
      world.before = async (each) => {
        if (each !== step || happened > 0) return;
        happened += 1;
        await birchIsLost(world);
      };
      const run = await reprotect(world);
      expect(happened).toBe(1);
      expect(run.status).toBe("done");
      expect(world.targets(ACME)).toEqual([NEW_PRIMARY, newStandby(world).host]);
    },
  );

  it("are waited for while they are owed: roles name no standby that DNS does not know", async () => {
    const world = await failedOver();
    let waits = 0;
    world.before = (step) => {
      if (step !== "reprotect-in-sync" || waits > 0) return;
      const owed = { ...{ kind: "records", instance: "acme", state: "owed", epoch: 2 } };
      world.ledgers.at(CONTROL).put(keys.debt("acme", "records"), {
        ...{ ...owed, incident: "i2", region: "us-east-1", because: "no API", execution: "e" },
        ...{ since: world.clock.now().toISOString(), flag: "none" },
      });
    };
    world.meanwhile = () => {
      world.databases.settle();
      if (!recordsDebt(world, CONTROL)) return;
      waits += 1;
      expect(world.roles).toMatchObject({ epoch: 2 });
      const debt = recordsDebt(world, CONTROL);
      if (waits > 3)
        world.ledgers.at(CONTROL).put(keys.debt("acme", "records"), { ...debt, state: "paid" });
    };
    expect((await reprotect(world)).status).toBe("done");
    expect(waits).toBeGreaterThan(3);
  });

  it("are not touched by one that a recovery has taken the lock from", async () => {
    const world = await failedOver();
    const recovery = `arn:aws:states:${CONTROL}:111111111111:execution:sla-recover:rc-acme`;
    world.before = (step) => {
      if (step !== "reprotect-roles") return;
      const until = "2026-11-22T10:00:00.000Z";
      world.ledgers.at(CONTROL).put("locks/acme.json", { state: "held", by: recovery, until });
    };
    expect((await reprotect(world)).status).toBe("done");
    expect(world.roles).toMatchObject({ epoch: 2 });
    expect(world.told).not.toContain("reprotect-done");
  });
});
