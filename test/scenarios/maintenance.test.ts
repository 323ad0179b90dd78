import { describe, expect, it } from "vitest";
import type { FailoverRequest } from "../../functions/failover/contract.ts";
import type { WindowRecord } from "../../lib/sla/books/window.ts";
import { STANDBY, World } from "../fakes/failover-world.ts";
import { fleetOf, instance } from "../fakes/fleet.ts";
import { WatchWorld } from "../fakes/watch-world.ts";

const FLEET = fleetOf([instance("acme"), instance("birch")]);
const OWNER = "eu-central-1";
const KEY = "maintenance/m1.json";

/** From 10:00 to 10:05 that day. */
const HOLDING: WindowRecord = {
  ...{ window: "m1", kind: "planned", scope: "instance acme", instances: ["acme"] },
  ...{ fromAt: "2026-03-02T10:00:00.000Z", toAt: "2026-03-02T10:05:00.000Z" },
  ...{ reason: "new disks", by: "arn:ops", announcedAt: "2026-02-27T10:00:00.000Z" },
  holdsFailovers: true,
};

function announced(change: Partial<WindowRecord> = {}) {
  const world = new WatchWorld(FLEET);
  world.ledgers.at(OWNER).put(KEY, { ...HOLDING, ...change });
  return world;
}

describe("an instance whose database goes in its maintenance", () => {
  it("holds its failover back, tells so once, and begins it when the window is over", async () => {
    const world = announced().fault("database acme-db", 61).fault("database birch-db", 61);
    await world.minutes(0, 5);
    expect(world.executions()).toEqual(["fo-birch-e1-20260302100115000"]);
    expect(world.told("acme")).toEqual(["incident-opened", "recovery-needed"]);
    const held = world.notices.find(({ kind }) => kind === "recovery-needed");
    expect(held).toMatchObject({ instance: "acme", occasion: "maintenance" });
    expect(held?.lines.join("\n")).toMatch(
      /Maintenance m1 holds its failover back until 2026-03-02T10:05:00.000Z[\s\S]*--force/,
    );
    await world.minutes(300, 1);
    expect(world.executions()).toContain("fo-acme-e1-20260302100115000");
    expect(world.started.find((each) => each.instance === "acme")).toMatchObject({
      ...{ firstBadAt: "2026-03-02T10:01:15.000Z", decidedAt: "2026-03-02T10:05:00.000Z" },
    });
  });

  it("is watched as always: every round is written down", async () => {
    const world = announced().fault("app acme", 61, 120);
    await world.minutes(0, 5);
    expect(world.ledgers.at(OWNER).keys("rounds/")).toHaveLength(5);
    expect(world.told("acme")).toEqual(["incident-opened", "application-down", "incident-closed"]);
  });

  it("holds nothing back where the home region is lost", async () => {
    const world = announced().fault("region eu-central-2", 61);
    await world.minutes(0, 4);
    expect(world.executions()).toContain("fo-acme-e1-20260302100115000");
  });

  it("begins what was held back as soon as the region is lost, too", async () => {
    const world = announced().fault("database acme-db", 61).fault("region eu-central-2", 180);
    await world.minutes(0, 3);
    expect(world.started).toEqual([]);
    await world.minutes(180, 1);
    expect(world.executions()).toContain("fo-acme-e1-20260302100115000");
  });

  it("begins once the window is cancelled", async () => {
    const world = announced().fault("database acme-db", 61);
    await world.minutes(0, 3);
    expect(world.started).toEqual([]);
    world.ledgers.at(OWNER).put("maintenance/m1.cancelled.json", {
      ...{ cancels: "m1", at: "2026-03-02T10:03:00.000Z", by: "arn:ops", reason: "done" },
    });
    await world.minutes(180, 1);
    expect(world.executions()).toHaveLength(1);
  });

  it.each<[string, Partial<WindowRecord>]>([
    ["does not say so", { holdsFailovers: false as unknown as true }],
    ["is of others", { instances: ["birch"] }],
    ["was yesterday", { fromAt: "2026-03-01T10:00:00Z", toAt: "2026-03-01T11:00:00Z" }],
    ["nobody can read", { toAt: "soon" }],
  ])("holds nothing back where the window %s", async (_which, change) => {
    const world = announced(change).fault("database acme-db", 61);
    await world.minutes(0, 4);
    expect(world.executions()).toEqual(["fo-acme-e1-20260302100115000"]);
  });
});

describe("a failover that is begun in maintenance", () => {
  function inMaintenance(change: Partial<WindowRecord> = {}) {
    const world = new World();
    world.ledgers.at(STANDBY).put(KEY, {
      ...HOLDING,
      ...{ fromAt: "2026-11-21T10:00:00.000Z", toAt: "2026-11-21T11:00:00.000Z", ...change },
    });
    return world;
  }

  it.each<["watch" | "person"]>([["watch"], ["person"]])("by the %s halts", async (trigger) => {
    const world = inMaintenance();
    const run = await world.failover(world.request({ trigger }));
    expect(run.output).toMatchObject({ Error: "HaltMaintenance" });
    expect(world.databases.changes).toEqual([]);
    expect(world.told).toEqual(["failover-halted"]);
    expect(world.notices.at(-1)?.lines.join("\n")).toMatch(/m1 holds .* until .*\n[\s\S]*--force/);
  });

  it.each<[string, Partial<FailoverRequest>, string]>([
    ["goes on where the watch decided it before", {}, "done"],
    ["halts where the watch decided it within", { decidedAt: "2026-11-21T10:00:00Z" }, "halted"],
    ["halts where a person repeats what was decided before", { trigger: "person" }, "halted"],
  ])("%s", async (_what, change, status) => {
    const world = inMaintenance({ fromAt: "2026-11-21T10:00:00.000Z" });
    const decided = { decidedAt: "2026-11-21T09:59:45.000Z", trigger: "watch" } as const;
    const run = await world.failover(world.request({ ...decided, ...change }));
    expect(run.status).toBe(status);
  });

  it("goes on by a person who forces it", async () => {
    const world = inMaintenance();
    const accept = ["HaltCooldown", "HaltMaintenance"] as const;
    const run = await world.failover(world.request({ trigger: "person", accept }));
    expect(run.status).toBe("done");
  });

  it("goes on where it is the planned work itself", async () => {
    const world = inMaintenance();
    world.primary.process = "runs";
    world.primary.beatAt = undefined;
    world.standby.beatAt = undefined;
    const planned = { trigger: "person", planned: true, firstBadAt: "2026-11-21T10:00:45.000Z" };
    const run = await world.failover(world.request(planned as Partial<FailoverRequest>), "fo-p");
    expect(run.status).toBe("done");
  });

  it("goes on where the home region does not answer", async () => {
    const world = inMaintenance();
    world.databases.lost.add("eu-central-2");
    const run = await world.failover();
    expect(run.status).toBe("done");
  });

  it("goes on where the window holds nothing back, or is over", async () => {
    for (const change of [{ holdsFailovers: undefined }, { toAt: "2026-11-21T10:00:30.000Z" }]) {
      const world = inMaintenance(change as Partial<WindowRecord>);
      expect((await world.failover()).status).toBe("done");
    }
  });
});
