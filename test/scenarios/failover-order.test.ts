import { describe, expect, it } from "vitest";
import { FAILOVER_STEPS } from "../../functions/failover/contract.ts";
import { CONTROL, HOME, STANDBY, World } from "../fakes/failover-world.ts";

const NEW_PRIMARY = "acme-db-standby.eu-central-1.rds";

describe("a dead primary", () => {
  it("goes through the whole order, once", async () => {
    const world = new World();
    const run = await world.failover();
    expect(run.states).toEqual(["Begin", ...FAILOVER_STEPS.map(({ state }) => state), "Done"]);
  });

  it("is quarantined before anything is promoted", async () => {
    const world = new World();
    await world.failover();
    expect(world.databases.changes).toEqual([
      "groups of acme-db: sg-2q",
      "promote acme-db-standby",
    ]);
  });

  it("leaves the standby as primary under the next epoch, told to all three ledgers", async () => {
    const world = new World();
    await world.failover();
    for (const region of [HOME, STANDBY, CONTROL]) {
      expect(world.ledgers.at(region).peek("roles/acme.json")).toMatchObject({
        epoch: 2,
        primary: { region: STANDBY, database: "acme-db-standby" },
        owner: CONTROL,
      });
    }
  });

  it("leads both answers of both names to the new primary and keeps what else the records say", async () => {
    const world = new World();
    await world.failover();
    expect(world.targets("db.acme.example.ch")).toEqual([NEW_PRIMARY, NEW_PRIMARY]);
    expect(world.targets("acme.example.ch")).toEqual(["app-1.elb.example", "app-1.elb.example"]);
    expect(world.signpost.batches).toHaveLength(1);
    expect(world.signpost.zone[0]).toMatchObject({
      ttl: 60,
      failover: { role: "PRIMARY", setIdentifier: "a", healthCheck: "check-acme" },
    });
  });

  it("leads both answers to the new primary wherever they led before", async () => {
    const world = new World();
    const elsewhere = "acme-db.eu-central-2.rds";
    world.signpost.zone = world.signpost.zone.map((record) =>
      record.name === "db.acme.example.ch" ? { ...record, target: elsewhere } : record,
    );
    await world.failover();
    expect(world.targets("db.acme.example.ch")).toEqual([NEW_PRIMARY, NEW_PRIMARY]);
  });

  it("tells that it began and that it is done, with RTO and RPO in the record", async () => {
    const world = new World();
    await world.failover();
    expect(world.told).toEqual(["failover-started", "failover-done"]);
    const [key] = world.ledgers
      .at(STANDBY)
      .keys("failovers/acme/")
      .filter((each) => each.endsWith("record.json"));
    expect(world.ledgers.at(STANDBY).peek(key ?? "")).toMatchObject({
      measured: { rtoSeconds: expect.any(Number), rpoSeconds: 10 },
      fence: { kind: "quarantined" },
    });
  });

  it("leaves the lock free and the incident with its failover", async () => {
    const world = new World();
    await world.failover();
    expect(world.ledgers.at(STANDBY).peek("locks/acme.json")).toMatchObject({ state: "free" });
    expect(world.ledgers.at(STANDBY).peek("incidents/acme/i1.json")).toMatchObject({
      failovers: [{ outcome: "done", epoch: 2 }],
    });
  });

  it("never moves the neighbour", async () => {
    const world = new World();
    const before = world.signpost.zone.filter(({ name }) => name.includes("birch"));
    await world.failover();
    expect(world.signpost.zone.filter(({ name }) => name.includes("birch"))).toEqual(before);
    expect(world.databases.changes.filter((change) => change.includes("birch"))).toEqual([]);
    expect(world.ledgers.at(STANDBY).peek("roles/birch.json")).toMatchObject({ epoch: 1 });
  });
});

describe("every step taken twice", () => {
  it("changes nothing that once did not", async () => {
    const once = new World();
    await once.failover();
    const twice = new World();
    twice.twice = true;
    const run = await twice.failover();
    expect(run.status).toBe("done");
    expect(twice.databases.changes).toEqual(once.databases.changes);
    expect(twice.signpost.batches).toEqual(once.signpost.batches);
    expect(twice.roles).toMatchObject({ epoch: 2 });
    expect(twice.standby.proofs).toHaveLength(1);
  });
});
