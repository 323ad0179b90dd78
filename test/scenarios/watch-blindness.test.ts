import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fleetOf, instance } from "../fakes/fleet.ts";
import { WatchWorld } from "../fakes/watch-world.ts";

const FLEET = fleetOf([instance("acme"), instance("birch")]);
const OWNER = "eu-central-1";

describe("vantages that see badly", () => {
  it("opens no incident when a blind minority sees everything down", async () => {
    const world = new WatchWorld(FLEET).fault("wrong eu-west-1", 30);
    await world.minutes(0, 6);
    expect(world.notices).toEqual([]);
    expect(world.started).toEqual([]);
    expect(world.incidents(OWNER, "acme")).toEqual([]);
  });

  it("opens no incident when nobody can see: unknown never counts as down", async () => {
    const world = new WatchWorld(FLEET)
      .fault("blind eu-west-1", 30)
      .fault("blind eu-north-1", 30)
      .fault("app acme", 30);
    await world.minutes(0, 6);
    expect(world.notices).toEqual([]);
    expect(world.state(OWNER)?.instances["acme"]?.incident.kind).toBe("healthy");
  });

  it("opens no incident when two vantages do not answer", async () => {
    const world = new WatchWorld(FLEET)
      .fault("region eu-north-1", 30)
      .fault("region eu-south-1", 30);
    await world.minutes(0, 6);
    expect(world.notices).toEqual([]);
    expect(world.incidents(OWNER, "acme")).toEqual([]);
  });

  it("opens no incident for fewer bad rounds than the plan asks for", async () => {
    const world = new WatchWorld(FLEET).fault("app acme", 61, 91);
    await world.minutes(0, 4);
    expect(world.notices).toEqual([]);
    expect(world.incidents(OWNER, "acme")).toEqual([]);
  });

  it("lets no single vantage decide, whatever it says and whenever", async () => {
    const anyVantage = fc.constantFrom(...FLEET.vantages);
    const anyFault = fc.constantFrom("wrong", "blind", "region");
    await fc.assert(
      fc.asyncProperty(anyVantage, anyFault, fc.nat(120), async (vantage, fault, from) => {
        const world = new WatchWorld(FLEET).fault(`${fault} ${vantage}`, from);
        await world.minutes(0, 4, [OWNER]);
        expect(world.notices).toEqual([]);
        expect(world.started).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it("sees a real outage although one vantage is blind", async () => {
    const world = new WatchWorld(FLEET).fault("blind eu-west-1", 0).fault("database acme-db", 61);
    await world.minutes(0, 4);
    expect(world.executions()).toHaveLength(1);
    expect(world.told("birch")).toEqual([]);
  });
});
