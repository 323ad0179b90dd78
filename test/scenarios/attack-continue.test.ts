import { describe, expect, it } from "vitest";
import type { FailoverRequest } from "../../functions/failover/contract.ts";
import type { Measured } from "../../functions/failover/measure.ts";
import { keys } from "../../functions/ledger/contract.ts";
import { homeReturns, loseHome } from "../fakes/debt-rounds.ts";
import { STANDBY, World } from "../fakes/failover-world.ts";

const STANDBY_DB = "acme-db-standby";
const HOURS_LATER = "2026-11-21T14:00:00.000Z";

/** What the mail's command starts. */
function continued(world: World, changes: Partial<FailoverRequest> = {}): FailoverRequest {
  const id = world.executionOf(world.request()).split(":").at(-1) ?? "";
  return world.request({ trigger: "person", reason: "as in the mail", continues: id, ...changes });
}

const measured = (world: World): Measured | undefined => {
  const ledger = world.ledgers.at(STANDBY);
  const [key = ""] = ledger.keys("failovers/acme/").filter((each) => each.endsWith("record.json"));
  return ledger.peek<{ measured: Measured }>(key)?.measured;
};

/** The standby dies while it drains: the fence is taken off, and the old primary lives on. */
async function undone(): Promise<World> {
  const world = new World();
  world.before = (step) => {
    if (step === "drain") world.standby.process = "dead";
  };
  const run = await world.failover();
  expect(run.output).toMatchObject({ Error: "HaltStandbyUnfit" });
  world.before = () => {};
  Object.assign(world.standby, { process: "runs" });
  Object.assign(world.primary, { process: "runs", beatAt: undefined, sessions: 3 });
  await world.clock.until(new Date(HOURS_LATER));
  world.databases.changes.length = 0;
  return world;
}

/** Promoted, and stopped before anybody was told: the region that was lost comes back and serves. */
async function halfway(): Promise<World> {
  const world = new World();
  loseHome(world);
  world.standby.refusesProof = true;
  const run = await world.failover();
  expect(run.output).toMatchObject({ Error: "HaltProofRefused" });
  world.standby.refusesProof = false;
  homeReturns(world);
  world.primary.beatAt = undefined;
  await world.clock.until(new Date(HOURS_LATER));
  return world;
}

describe("a command in an old mail", () => {
  it("moves nobody away from a primary that serves again", async () => {
    const world = await undone();
    const run = await world.failover(continued(world), "fo-acme-again");
    expect(run.output).toMatchObject({ Error: "HaltRecovered" });
    expect(world.databases.changes).toEqual([]);
  });

  it("asks the old primary anew: one that was dead then and lives now is not promoted away", async () => {
    const world = await undone();
    world.page = "bad";
    world.standby.source = "acme-db";
    const run = await world.failover(continued(world), "fo-acme-again");
    expect(run.output).toMatchObject({ Error: "HaltStillAlive" });
    expect(world.databases.changes).toEqual([]);
  });

  it("counts what the primary acknowledged since as lost, whoever takes that upon themselves", async () => {
    const world = await undone();
    world.page = "bad";
    const accept = ["HaltStillAlive"] as const;
    const run = await world.failover(continued(world, { accept }), "fo-acme-again");
    expect(run.output).toMatchObject({ Error: "HaltBehind" });
    expect(world.databases.changes).toEqual([]);
  });

  it("does not take a region's clients away because of a promotion that nobody was led to", async () => {
    const world = await halfway();
    const run = await world.failover(continued(world), "fo-acme-again");
    expect(run.output).toMatchObject({ Error: "HaltStillAlive" });
    expect(world.primary.groups).toEqual(["sg-clients"]);
  });

  it("goes on behind a fence, though the fenced primary still answers us", async () => {
    const world = new World();
    world.standby.refusesProof = true;
    world.before = (step) => {
      if (step === "fence") Object.assign(world.primary, { process: "runs", beatAt: undefined });
    };
    await world.failover();
    world.before = () => {};
    world.standby.refusesProof = false;
    await world.clock.until(new Date(HOURS_LATER));
    const run = await world.failover(continued(world), "fo-acme-again");
    expect(run.status).toBe("done");
    expect(world.primary.acknowledges()).toBe(false);
  });

  it("that is pasted twice does nothing the second time, and tells no other recovery time", async () => {
    const world = new World();
    world.standby.refusesProof = true;
    await world.failover();
    world.standby.refusesProof = false;
    expect((await world.failover(continued(world), "fo-acme-again")).status).toBe("done");
    const changes = [...world.databases.changes];
    await world.clock.until(new Date(HOURS_LATER));
    const run = await world.failover(continued(world), "fo-acme-once-more");
    expect(run.output).toMatchObject({ Error: "HaltEpoch" });
    expect(world.databases.changes).toEqual(changes);
    expect(world.told.filter((kind) => kind === "failover-done")).toHaveLength(1);
  });
});

describe("a loss that is said to be none", () => {
  it("is not measured by heartbeats that the new primary writes itself", async () => {
    const world = new World();
    const zone = world.signpost.zone;
    world.before = (step) => {
      if (step === "flip") world.signpost.zone = [];
    };
    expect((await world.failover()).output).toMatchObject({ Error: "HaltRecords" });
    world.before = () => {};
    world.signpost.zone = zone;
    // Roles have changed: now the heart of the new primary beats.
    world.standby.beatAt = undefined;
    expect((await world.failover(continued(world), "fo-acme-again")).status).toBe("done");
    expect(measured(world)?.rpoSeconds).toBe(10);
  });
});

describe("a failover that people were asked about, halted after its promotion and gone on with", () => {
  it("asks the fenced primary and the promoted standby nothing that they cannot know", async () => {
    const world = new World();
    world.before = (step) => {
      if (step === "fence") Object.assign(world.primary, { process: "runs", beatAt: undefined });
    };
    world.standby.refusesProof = true;
    expect((await world.failover()).output).toMatchObject({ Error: "HaltProofRefused" });
    world.standby.refusesProof = false;
    world.standby.beatAt = undefined;
    const request = continued(world);
    const approval = keys.approval("acme", request.continues ?? "");
    world.ledgers.at(STANDBY).put(approval, { state: "approved" });
    world.before = (step) => {
      if (step === "admit-again") void world.clock.wait(60);
    };
    expect((await world.failover(request, "fo-acme-again")).status).toBe("done");
    expect(measured(world)?.rpoSeconds).toBe(10);
  });
});

describe("a page that is bad long before its database dies", () => {
  it("bounds no loss: until the newest heartbeat of the primary writes were acknowledged", async () => {
    const world = new World();
    world.standby.beatAt = Date.parse("2026-11-21T09:59:50.000Z");
    world.primary.beatAt = Date.parse("2026-11-21T10:20:00.000Z");
    await world.clock.until(new Date("2026-11-21T10:21:00.000Z"));
    const lastSeen = { streaming: true, primaryBeat: "2026-11-21T10:20:00.000Z" };
    const run = await world.failover(world.request({ lastSeen }));
    expect(run.output).toMatchObject({ Error: "HaltBehind" });
    expect(world.databases.changes).toEqual([]);
  });

  it("is what an operator's clock that is behind looks like as well", async () => {
    const world = new World();
    world.standby.beatAt = Date.parse("2026-11-21T09:40:00.000Z");
    const run = await world.failover(world.request({ firstBadAt: "2026-11-21T09:30:00.000Z" }));
    expect(run.output).toMatchObject({ Error: "HaltBehind" });
    expect(world.databases.changes).toEqual([]);
  });
});

describe("a standby that somebody else promotes", () => {
  it("while the fence is set can be gone on with, if something stops it later", async () => {
    const world = new World();
    const zone = world.signpost.zone;
    world.before = (step) => {
      if (step === "promote")
        void world.databases.promote({ region: STANDBY, database: STANDBY_DB });
      if (step === "flip") world.signpost.zone = [];
    };
    expect((await world.failover()).output).toMatchObject({ Error: "HaltRecords" });
    world.before = () => {};
    world.signpost.zone = zone;
    expect((await world.failover(continued(world), "fo-acme-again")).status).toBe("done");
  });

  it("after RDS refused ours is none of ours", async () => {
    const world = new World();
    world.before = (step) => {
      if (step === "promote") world.standby.refusals = 100;
    };
    expect((await world.failover()).states).toContain("Unfence");
    world.before = () => {};
    world.standby.refusals = 0;
    await world.databases.promote({ region: STANDBY, database: STANDBY_DB });
    const run = await world.failover(continued(world), "fo-acme-again");
    expect(run.output).toMatchObject({ Error: "HaltStandbyUnfit" });
  });
});
