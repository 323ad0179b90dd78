import { describe, expect, it } from "vitest";
import type { Run } from "../fakes/asl-line.ts";
import { STANDBY, World } from "../fakes/failover-world.ts";

/** What must not happen when a failover has been refused. */
function untouched(world: World) {
  expect(world.databases.changes.filter((change) => change.startsWith("promote"))).toEqual([]);
  expect(world.signpost.batches).toEqual([]);
  expect(world.roles).toMatchObject({ epoch: 1 });
  expect(world.told.at(-1)).toBe("failover-halted");
}

/** Somebody else has decided in the meantime. */
function overtake(world: World) {
  const ledger = world.ledgers.at(STANDBY);
  const roles = ledger.peek<object>("roles/acme.json");
  ledger.put("roles/acme.json", { ...roles, epoch: 9 });
}

describe("heartbeat rule", () => {
  it("a heartbeat that advances never promotes", async () => {
    const world = new World();
    world.page = "bad";
    world.primary.process = "runs";
    world.primary.refusesProof = true;
    world.standby.beatAt = undefined;
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "HaltStillAlive" });
    untouched(world);
    expect(world.primary.groups).toEqual(["sg-clients"]);
  });

  it("a primary that still commits is never promoted away, even if its heartbeat is silent", async () => {
    const world = new World();
    world.page = "bad";
    world.primary.process = "runs";
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "HaltStillAlive" });
    untouched(world);
  });
});

describe("epoch", () => {
  it("an overtaken epoch stops", async () => {
    const world = new World();
    const run = await world.failover(world.request({ epoch: 0 }));
    expect(run.output).toMatchObject({ Error: "HaltEpoch" });
    untouched(world);
  });

  it("a higher epoch known to any ledger that answers stops", async () => {
    const world = new World();
    const roles = world.ledgers.at("eu-west-1").peek<object>("roles/acme.json");
    world.ledgers.at("eu-west-1").put("roles/acme.json", { ...roles, epoch: 7 });
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "HaltEpoch" });
    untouched(world);
  });

  it("an epoch overtaken in the middle is not written over", async () => {
    const world = new World();
    world.before = (step) => {
      if (step === "roles") overtake(world);
    };
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "HaltEpoch" });
    expect(world.roles).toMatchObject({ epoch: 9 });
    expect(world.signpost.batches).toEqual([]);
  });

  it("an epoch overtaken before the fence changes nothing", async () => {
    const world = new World();
    world.before = (step) => {
      if (step === "admit-again") overtake(world);
    };
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "HaltEpoch" });
    expect(world.databases.changes).toEqual([]);
    expect(world.signpost.batches).toEqual([]);
  });

  it("an epoch overtaken between reading and writing stops", async () => {
    const world = new World();
    const ledger = world.ledgers.at(STANDBY);
    const replace = ledger.replace.bind(ledger);
    ledger.replace = (key, value, tag) => {
      if (key === "roles/acme.json") overtake(world);
      return replace(key, value, tag);
    };
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "HaltEpoch" });
    expect(world.roles).toMatchObject({ epoch: 9 });
    expect(world.signpost.batches).toEqual([]);
  });
});

describe("proof write", () => {
  it("a standby that refuses the proof write is never flipped to", async () => {
    const world = new World();
    world.standby.refusesProof = true;
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "HaltProofRefused" });
    expect(world.signpost.batches).toEqual([]);
    expect(world.roles).toMatchObject({ epoch: 1 });
  });

  it("a standby that is still in recovery is never flipped to", async () => {
    const world = new World();
    world.before = (step) => {
      if (step === "gate") world.standby.inRecovery = true;
    };
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "NotYet" });
    expect(world.signpost.batches).toEqual([]);
  });

  it.each([
    ["status", { status: "rebooting" }],
    ["source", { source: "arn:aws:rds:eu-central-2:111111111111:db:acme-db" }],
    ["replication", { replication: ["replicating"] }],
  ])("a standby whose %s does not say promoted is never flipped to", async (_part, lie) => {
    const world = new World();
    world.before = (step) => {
      if (step === "gate") Object.assign(world.standby, lie);
    };
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: "NotYet" });
    expect(world.standby.proofs).toEqual([]);
    expect(world.signpost.batches).toEqual([]);
  });

  it("a promotion that reads available for a while is waited for", async () => {
    const world = new World();
    world.standby.promotionLooks = 60;
    const run = await world.failover();
    expect(run.status).toBe("done");
    expect(world.standby.proofs).toHaveLength(1);
  });
});

describe("admission", () => {
  it.each<[string, (world: World) => void, string]>([
    [
      "another execution holds the lock",
      (world) => hold(world, "2026-11-21T11:00:00.000Z"),
      "HaltLocked",
    ],
    [
      "the lease is over but its owner still runs",
      (world) => {
        hold(world, "2026-11-21T09:00:00.000Z");
        world.running.add("another");
      },
      "HaltLocked",
    ],
    [
      "the instance answers again",
      (world) => {
        world.page = "good";
      },
      "HaltRecovered",
    ],
    [
      "two of three vantages are blind",
      (world) => {
        world.blind.add("eu-west-1").add("eu-north-1");
      },
      "NotYet",
    ],
    [
      "the standby is gone",
      (world) => {
        world.databases.all.delete(`${STANDBY}/acme-db-standby`);
      },
      "HaltNoStandby",
    ],
    [
      "somebody else promoted the standby",
      (world) => {
        world.standby.source = undefined;
      },
      "HaltStandbyUnfit",
    ],
    [
      "replication was terminated",
      (world) => {
        world.standby.replication = ["terminated"];
      },
      "HaltStandbyUnfit",
    ],
    [
      "the standby keeps backing up",
      (world) => {
        world.standby.status = "backing-up";
      },
      "HaltStandbyBusy",
    ],
    [
      "the standby is further behind than the plan's RPO",
      (world) => {
        world.standby.beatAt = Date.parse("2026-11-21T09:50:00.000Z");
      },
      "HaltBehind",
    ],
  ])("stops when %s", async (_when, given, code) => {
    const world = new World();
    given(world);
    const run = await world.failover();
    expect(run.output).toMatchObject({ Error: code });
    expect(world.databases.changes.filter((each) => each.startsWith("promote"))).toEqual([]);
    expect(world.signpost.batches).toEqual([]);
    expect(world.primary.groups).toEqual(["sg-clients"]);
  });

  it("stops when the standby was not streaming in the last good round", async () => {
    const world = new World();
    const run = await world.failover(world.request({ lastSeen: { streaming: false } }));
    expect(run.output).toMatchObject({ Error: "HaltNotStreaming" });
    untouched(world);
  });

  it("takes over a lock whose lease is over and whose owner does not run", async () => {
    const world = new World();
    hold(world, "2026-11-21T09:00:00.000Z");
    expect((await world.failover()).status).toBe("done");
  });

  it("ends without a word when the same failure is at work under another name", async () => {
    const world = new World();
    const other = world.executionOf(world.request({ firstBadAt: "2026-11-21T09:59:59.000Z" }));
    hold(world, "2026-11-21T11:00:00.000Z", other);
    world.running.add(other);
    const run = await world.failover();
    expect(run.status).toBe("done");
    expect(run.states).toEqual(["Begin", "Admit", "UnderWayElsewhere"]);
    expect(JSON.stringify(run.output)).toContain("acme: already being failed over by fo-acme-e1-");
    expect(world.notices).toEqual([]);
    expect(world.ledgers.at(STANDBY).peek("locks/acme.json")).toMatchObject({ by: other });
    expect(world.databases.changes).toEqual([]);
  });

  it.each<[string, (world: World, other: string) => Promise<Run>]>([
    [
      "it does not run any more",
      (world, other) => {
        world.running.delete(other);
        return world.failover();
      },
    ],
    ["a person asked", (world) => world.failover(world.request({ trigger: "person" }), "fo-p")],
    ["it is of older roles", (world) => world.failover(world.request({ epoch: 2 }))],
  ])("tells a person of a lock held by the same failure if %s", async (_when, run) => {
    const world = new World();
    const other = world.executionOf(world.request({ firstBadAt: "2026-11-21T09:59:59.000Z" }));
    hold(world, "2026-11-21T11:00:00.000Z", other);
    world.running.add(other);
    expect((await run(world, other)).output).toMatchObject({ Error: "HaltLocked" });
    expect(world.told).toEqual(["failover-halted"]);
  });

  it("leaves another's lock alone when it halts on it", async () => {
    const world = new World();
    hold(world, "2026-11-21T11:00:00.000Z");
    await world.failover();
    expect(world.ledgers.at(STANDBY).peek("locks/acme.json")).toMatchObject({ by: "another" });
  });

  it("is not stopped by one blind vantage", async () => {
    const world = new World();
    world.blind.add("eu-west-1");
    expect((await world.failover()).status).toBe("done");
  });
});

const hold = (world: World, until: string, by = "another") =>
  world.ledgers.at(STANDBY).put("locks/acme.json", { state: "held", by, until });
