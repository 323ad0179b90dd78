import { describe, expect, it } from "vitest";
import { fleetOf, instance } from "../fakes/fleet.ts";
import { WatchWorld } from "../fakes/watch-world.ts";

const FLEET = fleetOf([instance("acme"), instance("birch")]);
const [HOME, OWNER, CONTROL] = ["eu-central-2", "eu-central-1", "eu-west-1"];

describe("sites that come and go", () => {
  it("makes no error of a home region that does not answer, and recovers its instances", async () => {
    const world = new WatchWorld(FLEET).fault(`region ${HOME}`, 61);
    world.ledgers.cutOff(HOME);
    const reports = await world.minutes(0, 4, [OWNER, CONTROL]);
    expect(reports.flatMap(({ failures }) => failures)).toEqual([]);
    expect(world.executions()).toHaveLength(2);
    expect(world.incidents(CONTROL, "acme")).toHaveLength(1);
  });

  it("hands an open incident to the new owner, who closes it once", async () => {
    const world = new WatchWorld(FLEET).fault("database acme-db", 61);
    await world.minutes(0, 3);
    world.promote("acme", 180);
    await world.minutes(180, 4);
    expect(world.executions()).toHaveLength(1);
    expect(world.told("acme")).toEqual(["incident-opened", "incident-closed"]);
    const [record, ...others] = world.incidents(CONTROL, "acme");
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      openedAt: "2026-03-02T10:01:45.000Z",
      firstGoodAt: "2026-03-02T10:03:00.000Z",
      closedAt: "2026-03-02T10:03:15.000Z",
    });
    expect(world.state(OWNER)?.instances["acme"]?.epoch).toBe(1);
    expect(world.state(CONTROL)?.instances["acme"]?.epoch).toBe(2);
  });

  it("lets control watch in the stead of a silent owner, and tell, but start nothing", async () => {
    const world = new WatchWorld(FLEET);
    await world.minutes(0, 2);
    world.fault("database acme-db", 121);
    await world.minutes(120, 8, [CONTROL]);
    expect(world.started).toEqual([]);
    expect(world.told("acme")).toEqual(["incident-opened", "recovery-needed"]);
  });

  it("tells a person and starts nothing where failover is alert-only", async () => {
    const world = new WatchWorld(fleetOf([instance("acme", { failover: "alert-only" })]));
    world.fault("database acme-db", 61);
    await world.minutes(0, 5);
    expect(world.started).toEqual([]);
    expect(world.told("acme")).toEqual(["incident-opened", "recovery-needed"]);
    const [, needed] = world.notices.filter((notice) => notice.instance === "acme");
    expect(needed?.lines.at(-1)).toBe("npx sla failover acme --reason 'alert-only'");
  });

  it("starts one failover where it asks a person first: the machine asks, not the watch", async () => {
    const world = new WatchWorld(fleetOf([instance("acme", { failover: "approval" })]));
    world.fault("database acme-db", 61);
    await world.minutes(0, 5);
    expect(world.executions()).toHaveLength(1);
    expect(world.told("acme")).toEqual(["incident-opened"]);
  });

  it("leaves an owner that looks to itself", async () => {
    const world = new WatchWorld(FLEET);
    await world.minutes(0, 10);
    expect(world.state(CONTROL)?.instances).toEqual({});
  });

  it("gives the returning owner what control saw meanwhile", async () => {
    const world = new WatchWorld(FLEET);
    await world.minutes(0, 2);
    world.fault("database acme-db", 121);
    await world.minutes(120, 8, [CONTROL]);
    await world.minutes(600, 2);
    expect(world.executions()).toHaveLength(1);
    expect(world.incidents(OWNER, "acme")).toHaveLength(1);
  });

  it("starts no second failover when control names the same failure by a later round", async () => {
    const world = new WatchWorld(FLEET).fault("database acme-db", 61);
    await world.minutes(0, 3, [OWNER]);
    expect(world.executions()).toHaveLength(1);
    const [named] = world.incidents(OWNER, "acme");
    world.ledgers.cutOff(OWNER);
    await world.minutes(180, 6, [CONTROL]);
    expect(world.state(CONTROL)?.instances["acme"]?.incident).toMatchObject({ kind: "down" });
    world.ledgers.restore(OWNER);
    await world.minutes(540, 3, [OWNER]);
    expect(world.executions()).toHaveLength(1);
    expect(world.state(OWNER)?.instances["acme"]?.incident).toMatchObject({
      incident: named?.incident,
    });
  });

  it("starts one more for a trouble that began after control had seen the first one end", async () => {
    const world = new WatchWorld(FLEET).fault("database acme-db", 61, 360);
    world.fault("database acme-db", 500);
    await world.minutes(0, 3, [OWNER]);
    world.ledgers.cutOff(OWNER);
    await world.minutes(180, 7, [CONTROL]);
    world.ledgers.restore(OWNER);
    await world.minutes(600, 3, [OWNER]);
    expect(world.executions()).toHaveLength(2);
  });

  it("starts no second failover for roles that have changed meanwhile", async () => {
    const world = new WatchWorld(FLEET).fault("database acme-db", 61);
    await world.minutes(0, 3);
    world.promote("acme", 180);
    world.fault("app acme", 0);
    await world.minutes(180, 10);
    expect(world.executions()).toHaveLength(1);
  });

  it("tells and starts nothing on roles that changed while it looked", async () => {
    const world = new WatchWorld(FLEET).fault("app acme", 61).fault("database acme-db", 61);
    let promoted = false;
    world.onProbe = (at) => {
      if (at < 105 || promoted) return;
      promoted = true;
      world.promote("acme", at);
    };
    await world.minutes(0, 2, [OWNER]);
    expect(promoted).toBe(true);
    expect(world.notices).toEqual([]);
    expect(world.started).toEqual([]);
    expect(world.incidents(OWNER, "acme")).toEqual([]);
  });
});
