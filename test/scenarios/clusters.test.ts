import { describe, expect, it } from "vitest";
import { FAILOVER_STEPS } from "../../functions/failover/contract.ts";
import type { Measured } from "../../functions/failover/measure.ts";
import { SlaError } from "../../functions/kernel/errors.ts";
import {
  debtIn,
  debtMails,
  homeReturns,
  loseHome,
  lostHome,
  payFrom,
} from "../fakes/debt-rounds.ts";
import {
  expectOneWriter,
  expectUntouched,
  healthyWorld,
  promotionsIn,
} from "../fakes/engine-worlds.ts";
import { FakeClusters } from "../fakes/failover-clusters.ts";
import { HOME, STANDBY, World } from "../fakes/failover-world.ts";
import { reprotect } from "../fakes/reprotect.ts";

const DATABASE = "db.acme.example.ch";

const dead = () => new World({ engine: "aurora-postgresql" });

const healthy = () => healthyWorld("aurora-postgresql");

function clustersOf({ databases }: World): FakeClusters {
  if (databases instanceof FakeClusters) return databases;
  throw new Error("no clusters");
}

function planned(world: World, name = "fo-acme-planned", epoch = 1) {
  const firstBadAt = "2026-11-21T10:00:45.000Z";
  return world.failover(
    world.request({ trigger: "person", planned: true, epoch, firstBadAt }),
    name,
  );
}

const measuredOf = (world: World, name: string) =>
  world.ledgers
    .at(STANDBY)
    .peek<{ readonly measured: Measured }>(`failovers/acme/${name}/record.json`)?.measured;

describe("a global database whose writer is dead", () => {
  it("goes the whole order, and its writer moves with data loss allowed", async () => {
    const world = dead();
    const run = await world.failover();
    expect(run.states).toEqual(["Begin", ...FAILOVER_STEPS.map(({ state }) => state), "Done"]);
    expect(world.databases.changes).toEqual([
      "groups of acme-db: sg-2q",
      "promote acme-db-standby",
    ]);
    expect(clustersOf(world).moves).toEqual(["failover with data loss"]);
    expect(world.roles).toMatchObject({ epoch: 2, primary: { region: STANDBY } });
    expect(world.targets(DATABASE)[0]).toBe(`acme-db-standby.${STANDBY}.rds`);
  });

  it("is the same where every step is taken twice", async () => {
    const world = dead();
    world.twice = true;
    expect((await world.failover()).status).toBe("done");
    expect(promotionsIn(world)).toHaveLength(1);
  });

  it("is asked for once though the answer of RDS was lost", async () => {
    const world = dead();
    const promote = world.databases.promote.bind(world.databases);
    let asked = 0;
    world.databases.promote = async (...order) => {
      const answer = await promote(...order);
      asked += 1;
      if (asked === 1) throw new SlaError("CloudUnreachable", "cloud", "broken off");
      return answer;
    };
    expect((await world.failover()).status).toBe("done");
    expect(promotionsIn(world)).toHaveLength(1);
  });

  it("goes on after a throttle, and while RDS still moves the writer", async () => {
    const world = dead();
    world.standby.promotionLooks = 3;
    const promote = world.databases.promote.bind(world.databases);
    let throttles = 2;
    world.databases.promote = async (...order) => {
      throttles -= 1;
      if (throttles >= 0) throw new SlaError("CloudThrottled", "cloud", "Rate exceeded");
      return promote(...order);
    };
    expect((await world.failover()).status).toBe("done");
    expect(promotionsIn(world)).toHaveLength(1);
  });

  it("has one writer that acknowledges, before, in between and after", async () => {
    await expectOneWriter(dead());
  });

  it("halts before anything is touched where more would be lost than is allowed", async () => {
    const world = dead();
    world.standby.beatAt = Date.parse("2026-11-21T09:50:00.000Z");
    const run = await world.failover();
    expect(JSON.stringify(run)).toContain("HaltBehind");
    expectUntouched(world);
  });

  it("moves with that loss once a person takes it upon them", async () => {
    const world = dead();
    world.standby.beatAt = Date.parse("2026-11-21T09:50:00.000Z");
    await world.failover();
    const wish = { trigger: "person", allowLossSeconds: 900, accept: ["HaltCooldown"] } as const;
    const run = await world.failover(world.request(wish), "fo-acme-by-hand");
    expect(run.status).toBe("done");
    expect(clustersOf(world).moves).toEqual(["failover with data loss"]);
  });

  it("keeps its old writer as it is while somebody else has detached the secondary", async () => {
    const world = dead();
    Object.assign(world.standby, { source: undefined, inRecovery: false, replication: [] });
    expect(JSON.stringify(await world.failover())).toContain("HaltStandbyUnfit");
    expectUntouched(world);
  });
});

describe("a global database of Aurora MySQL", () => {
  it("moves with data loss allowed, is switched over, and taken back, in words of its own", async () => {
    const world = new World({ engine: "aurora-mysql" });
    expect((await world.failover()).status).toBe("done");
    expect((await reprotect(world)).status).toBe("done");
    expect(world.roles).toMatchObject({ epoch: 3, standby: { region: HOME, database: "acme-db" } });
    world.site = HOME;
    expect((await planned(world, "fo-acme-home", 3)).status).toBe("done");
    expect(clustersOf(world).moves).toEqual(["failover with data loss", "switchover"]);
    expect([...world.databases.spoken]).toEqual(["aurora-mysql"]);
    expect(world.primary.acknowledgesNewClient()).toBe(true);
  });

  it("halts where more would be lost than is allowed", async () => {
    const world = new World({ engine: "aurora-mysql" });
    world.standby.beatAt = Date.parse("2026-11-21T09:50:00.000Z");
    expect(JSON.stringify(await world.failover())).toContain("HaltBehind");
    expectUntouched(world);
  });
});

describe("the old primary of a global database", () => {
  it("becomes the standby once RDS has rebuilt it, under its own name, with clients let in", async () => {
    const world = dead();
    await world.failover();
    expect(world.roles?.former).toMatchObject([{ database: "acme-db" }]);
    expect((await reprotect(world)).status).toBe("done");
    expect(world.databases.orders).toEqual([]);
    expect(world.primary.groups).toEqual(["sg-2"]);
    expect(world.primary.inRecovery).toBe(true);
    expect(world.roles).toMatchObject({
      epoch: 3,
      standby: { region: HOME, database: "acme-db" },
      owner: HOME,
    });
    expect(world.roles).not.toHaveProperty("former");
    expect(world.targets(DATABASE)).toEqual([
      `acme-db-standby.${STANDBY}.rds`,
      `acme-db.${HOME}.rds`,
    ]);
  });

  it("lets nobody in while it is named as a secondary and does not receive", async () => {
    const world = dead();
    await world.failover();
    let looks = 0;
    world.meanwhile = () => {
      looks += 1;
      if (looks === 1) {
        world.databases.settle();
        world.primary.replication = ["pending-resync"];
      }
      if (looks < 4) expect(world.primary.groups).toEqual(["sg-2q"]);
      else world.primary.replication = ["replicating"];
    };
    expect((await reprotect(world)).status).toBe("done");
    expect(looks).toBeGreaterThanOrEqual(4);
  });

  it("is no stranger's: one that follows another cluster stops it for a person", async () => {
    const world = dead();
    await world.failover();
    Object.assign(world.primary, { source: "arn:aws:rds:eu-west-3:111111111111:cluster:other" });
    expect(JSON.stringify(await reprotect(world))).toContain("HaltReplicaUnfit");
  });

  it("is no more where nobody has added one again: the halt says what to add", async () => {
    const world = dead();
    await world.failover();
    world.databases.all.delete(`${HOME}/acme-db`);
    expect(JSON.stringify(await reprotect(world))).toMatch(/has no cluster acme-db: add one/);
  });

  it("owes no fence once RDS has made it a secondary, and its rows are said to be in a snapshot", async () => {
    const world = await lostHome(dead());
    expect(debtIn(world, STANDBY)).toMatchObject({ state: "owed" });
    homeReturns(world);
    world.databases.settle();
    await payFrom(world, HOME);
    expect(debtIn(world, STANDBY)).toMatchObject({ state: "paid" });
    expect(world.primary.groups).toEqual(["sg-clients"]);
    const lines = debtMails(world).flatMap((mail) => mail.lines);
    expect(lines.join("\n")).toMatch(/secondary of the new primary/);
    expect(lines.join("\n")).toContain("rds:unplanned-global-failover-acme-db-");
    expect((await reprotect(world)).status).toBe("done");
    await payFrom(world, HOME);
    expect(debtMails(world)).toHaveLength(1);
  });

  it("is fenced as ever where it comes back sooner than RDS rebuilds it", async () => {
    const world = await lostHome(dead());
    homeReturns(world);
    await payFrom(world, HOME);
    expect(world.primary.groups).toEqual(["sg-2q"]);
    expect(world.primary.acknowledges()).toBe(false);
    expect(debtIn(world, STANDBY)).toMatchObject({ state: "paid" });
    expect((await reprotect(world)).status).toBe("done");
    expect(world.primary.groups).toEqual(["sg-2"]);
  });
});

describe("a planned failover of a global database", () => {
  it("is a switchover: nothing is fenced, nothing is lost by the word of RDS", async () => {
    const world = healthy();
    expect((await planned(world)).status).toBe("done");
    expect(world.databases.changes).toEqual(["promote acme-db-standby"]);
    expect(clustersOf(world).moves).toEqual(["switchover"]);
    expect(world.primary.groups).toEqual(["sg-clients"]);
    expect(measuredOf(world, "fo-acme-planned")).toMatchObject({
      ...{ rpoSeconds: 0, rpoBySwitchover: true },
    });
    const done = world.notices.find(({ kind }) => kind === "failover-done");
    expect(done?.lines.join("\n")).toMatch(/none is lost, as RDS has it/);
    expect(debtIn(world, STANDBY)).toBeUndefined();
  });

  it("leads there and back, by the same two clusters", async () => {
    const world = healthy();
    await planned(world);
    expect((await reprotect(world)).status).toBe("done");
    world.site = HOME;
    expect((await planned(world, "fo-acme-home", 3)).status).toBe("done");
    expect(world.primary.acknowledgesNewClient()).toBe(true);
    expect((await reprotect(world)).status).toBe("done");
    expect(world.ledgers.at(HOME).peek("roles/acme.json")).toMatchObject({
      epoch: 5,
      primary: { database: "acme-db" },
      standby: { database: "acme-db-standby" },
    });
    expect([...world.databases.all.keys()].filter((key) => key.includes("acme"))).toHaveLength(2);
    expect(clustersOf(world).moves).toEqual(["switchover", "switchover"]);
  });

  it("is none where the writer is down: the next command says so", async () => {
    const world = dead();
    const run = await planned(world);
    expect(JSON.stringify(run)).toContain("HaltDown");
    expectUntouched(world);
  });

  it("leaves its primary to its clients where RDS refuses", async () => {
    const world = healthy();
    world.standby.refusals = 10_000;
    expect((await planned(world)).status).toBe("halted");
    expect(world.primary.acknowledgesNewClient()).toBe(true);
    expect(clustersOf(world).moves).toEqual([]);
    expect(world.roles).toMatchObject({ epoch: 1 });
  });

  it("never loses data though the home region falls silent in the middle", async () => {
    const world = healthy();
    world.before = (step) => {
      if (step === "promote") loseHome(world);
    };
    expect((await planned(world)).status).toBe("halted");
    expect(clustersOf(world).moves).toEqual([]);
  });
});
