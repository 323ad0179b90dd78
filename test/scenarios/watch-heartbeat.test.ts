import { describe, expect, it } from "vitest";
import { alone, fleetOf, instance } from "../fakes/fleet.ts";
import { WatchWorld } from "../fakes/watch-world.ts";

const FLEET = fleetOf([instance("acme"), instance("birch"), alone("cedar")]);
const OWNER = "eu-central-1";

describe("what the heartbeat says", () => {
  it("starts one failover when the database is gone, from the first bad look on", async () => {
    const world = new WatchWorld(FLEET).fault("database acme-db", 61);
    await world.minutes(0, 5);
    expect(world.executions()).toEqual(["fo-acme-e1-20260302100115000"]);
    expect(world.started[0]).toMatchObject({
      instance: "acme",
      epoch: 1,
      trigger: "watch",
      firstBadAt: "2026-03-02T10:01:15.000Z",
      lastGoodAt: "2026-03-02T10:01:00.000Z",
      lastSeen: {
        standbyBeat: "2026-03-02T10:01:00.000Z",
        primaryBeat: "2026-03-02T10:01:00.000Z",
        streaming: true,
      },
    });
    expect(world.told("acme")).toEqual(["incident-opened"]);
    expect(world.told("birch")).toEqual([]);
  });

  it("alerts and never promotes while the application is down and the heartbeat advances", async () => {
    const world = new WatchWorld(FLEET).fault("app acme", 61);
    await world.minutes(0, 30);
    expect(world.started).toEqual([]);
    expect(world.told("acme")).toEqual(["incident-opened", "application-down"]);
  });

  it("never promotes while the primary itself still answers, heartbeat or not", async () => {
    const world = new WatchWorld(FLEET).fault("app acme", 61).fault("beats acme", 61);
    await world.minutes(0, 30);
    expect(world.started).toEqual([]);
    expect(world.told("acme")).toEqual(["incident-opened", "application-down"]);
  });

  it("never promotes while a heartbeat advances on the standby, however old it is", async () => {
    const world = new WatchWorld(FLEET).fault("app acme", 61).fault("hidden acme-db", 61);
    world.standbyLag = 120;
    await world.minutes(0, 30);
    expect(world.started).toEqual([]);
    expect(world.told("acme")).toEqual(["incident-opened", "application-down"]);
  });

  it("never promotes while something at the primary's address says no", async () => {
    const world = new WatchWorld(FLEET)
      .fault("app acme", 61)
      .fault("beats acme", 61)
      .fault("refusing acme-db", 61);
    await world.minutes(0, 30);
    expect(world.started).toEqual([]);
  });

  it("promotes after all when the database dies during an outage of the application", async () => {
    const world = new WatchWorld(FLEET).fault("app acme", 61).fault("database acme-db", 200);
    await world.minutes(0, 6);
    expect(world.executions()).toHaveLength(1);
  });

  it("gives RDS its own failover's time before anything crosses regions", async () => {
    const [first] = FLEET.instances;
    const patient = {
      ...FLEET,
      plans: { quick: { ...FLEET.plans["quick"], multiAz: { required: true, waitSeconds: 180 } } },
      instances: first ? [first] : [],
    } as typeof FLEET;
    const world = new WatchWorld(patient).fault("database acme-db", 61, 200);
    await world.minutes(0, 8);
    expect(world.started).toEqual([]);
    expect(world.told("acme")).toEqual(["incident-opened", "incident-closed"]);
  });

  it("says that a person has to recover an instance without a standby", async () => {
    const world = new WatchWorld(FLEET).fault("database cedar-db", 61);
    await world.minutes(0, 10);
    expect(world.started).toEqual([]);
    expect(world.told("cedar")).toEqual(["incident-opened", "recovery-needed"]);
    expect(world.state(OWNER)?.instances["cedar"]).toBeUndefined();
  });
});
