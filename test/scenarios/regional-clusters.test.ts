import { describe, expect, it } from "vitest";
import { FAILOVER_STEPS } from "../../functions/failover/contract.ts";
import type { Measured } from "../../functions/failover/measure.ts";
import { SlaError } from "../../functions/kernel/errors.ts";
import { promotionsIn } from "../fakes/engine-worlds.ts";
import { FakeRegional } from "../fakes/failover-regional.ts";
import { CONTROL, HOME, World } from "../fakes/failover-world.ts";
import { fleetOf, QUICK_PLAN, regional } from "../fakes/fleet.ts";
import { WatchWorld } from "../fakes/watch-world.ts";

const DATABASE = "db.acme.example.ch";
const SEAT = { region: HOME, database: "acme-db" };
const [WRITER, SECOND, THIRD] = ["acme-db-0", "acme-db-1", "acme-db-2"];

function clustersOf({ databases }: World): FakeRegional {
  if (databases instanceof FakeRegional) return databases;
  throw new Error("no clusters of one region");
}

function memberOf(world: World, id: string) {
  const found = clustersOf(world)
    .membersOf("acme-db")
    .find((each) => each.id === id);
  if (!found) throw new Error(id);
  return found;
}

/** Its writer is dead, and RDS does nothing about it. */
function stuck(failover: "automatic" | "approval" = "automatic"): World {
  const world = new World({ engine: "aurora-postgresql", regional: true, failover });
  memberOf(world, WRITER).runs = false;
  return world;
}

function healthy(): World {
  const world = new World({ engine: "aurora-postgresql", regional: true });
  Object.assign(world.primary, { process: "runs", beatAt: undefined });
  return world;
}

function planned(world: World, name = "fo-acme-planned", epoch = 1) {
  const firstBadAt = "2026-11-21T10:00:45.000Z";
  const wish = { trigger: "person", planned: true, epoch, firstBadAt } as const;
  return world.failover(world.request(wish), name);
}

/** Something happens by itself so many seconds from now. */
function laterIn(world: World, seconds: number, what: () => void): void {
  const due = world.clock.now().getTime() + seconds * 1000;
  const describe_ = world.databases.describe.bind(world.databases);
  let isDone = false;
  world.databases.describe = async (seat) => {
    if (!isDone && world.clock.now().getTime() >= due) {
      isDone = true;
      what();
    }
    return describe_(seat);
  };
}

const writersIn = ({ databases }: World) =>
  databases.changes.filter((each) => each.startsWith("writer"));

const recordOf = (world: World, name: string) =>
  world.ledgers
    .at(CONTROL)
    .peek<{ readonly measured: Measured; readonly fence: object }>(
      `failovers/acme/${name}/record.json`,
    );

const onlyRecord = (world: World) => {
  const [key] = world.ledgers
    .at(CONTROL)
    .keys("failovers/")
    .filter((each) => each.endsWith("/record.json"));
  return recordOf(world, key?.split("/")[2] ?? "");
};

describe("a cluster of one region whose writer is dead", () => {
  it("goes the whole order, is fenced by nobody, and keeps its names", async () => {
    const world = stuck();
    const before = world.targets(DATABASE);
    const run = await world.failover();
    expect(run.states).toEqual(["Begin", ...FAILOVER_STEPS.map(({ state }) => state), "Done"]);
    expect(world.databases.changes).toEqual([`writer ${SECOND}`]);
    expect(world.targets(DATABASE)).toEqual(before);
    expect(world.signpost.batches).toEqual([]);
    expect(world.primary.groups).toEqual(["sg-clients"]);
    expect(world.primary.acknowledgesNewClient()).toBe(true);
  });

  it("keeps its seat in the next epoch, with control as its owner, and is given no standby", async () => {
    const world = stuck();
    await world.failover();
    for (const region of [CONTROL, HOME]) {
      const roles = world.ledgers.at(region).peek("roles/acme.json");
      expect(roles).toMatchObject({ epoch: 2, primary: SEAT, owner: CONTROL });
      expect(roles).not.toHaveProperty("standby");
      expect(roles).not.toHaveProperty("former");
    }
    expect(world.reprotects.begun).toEqual([]);
  });

  it("leaves an outage that was measured and a loss that RDS answers for", async () => {
    const world = stuck();
    await world.failover();
    const record = onlyRecord(world);
    expect(record).toMatchObject({
      fence: { kind: "one writer" },
      measured: { rpoSeconds: 0, rpoByCluster: true },
    });
    expect(record?.measured.rtoSeconds).toBeGreaterThan(45);
    const done = world.notices.find(({ kind }) => kind === "failover-done");
    expect(done?.lines.join("\n")).toMatch(/nothing that was acknowledged is lost, as RDS has it/);
    expect(done?.lines.join("\n")).not.toMatch(/redundancy is degraded/);
  });

  it("says so where the new writer lacks a heartbeat that the old one had shown", async () => {
    const world = stuck();
    world.before = (step) => {
      if (step === "gate") world.primary.beatAt = Date.parse("2026-11-21T09:59:20.000Z");
    };
    await world.failover();
    expect(onlyRecord(world)?.measured).toMatchObject({ rpoSeconds: 30 });
    const done = world.notices.find(({ kind }) => kind === "failover-done");
    expect(done?.lines.join("\n")).toMatch(/at most 30\.0 s of writes are lost/);
  });

  it("is the same where every step is taken twice", async () => {
    const world = stuck();
    world.twice = true;
    expect((await world.failover()).status).toBe("done");
    expect(writersIn(world)).toEqual([`writer ${SECOND}`]);
  });

  it("is asked for once though the answer of RDS was lost, and while it is at it", async () => {
    const world = stuck();
    clustersOf(world).movingLooks = 4;
    const promote = world.databases.promote.bind(world.databases);
    let asked = 0;
    world.databases.promote = async (...order) => {
      const answer = await promote(...order);
      asked += 1;
      if (asked === 1) throw new SlaError("CloudUnreachable", "cloud", "broken off");
      return answer;
    };
    expect((await world.failover()).status).toBe("done");
    expect(writersIn(world)).toEqual([`writer ${SECOND}`]);
  });

  it("is not moved twice where whoever was asked for answers nobody meanwhile", async () => {
    const world = stuck();
    const clusters = clustersOf(world);
    const asked: (string | undefined)[] = [];
    // RDS is at it and does not say so yet; its answer is lost, the member restarts.
    clusters.promote = async (_seat, { member }) => {
      asked.push(member);
      memberOf(world, SECOND).runs = false;
      if (asked.length === 1) throw new SlaError("CloudUnreachable", "cloud", "broken off");
      clusters.move(SEAT, member ?? "nobody");
      return "accepted";
    };
    expect((await world.failover()).status).toBe("done");
    expect(asked).toEqual([SECOND, SECOND]);
  });

  it("proves nothing by the old writer, which the API still names right after it was asked", async () => {
    const world = healthy();
    const clusters = clustersOf(world);
    // It is accepted, and nothing has begun yet: status and writer are those of before for a while.
    let looks = 0;
    clusters.promote = async () => {
      looks = 3;
      return "accepted";
    };
    const describe_ = clusters.describe.bind(clusters);
    clusters.describe = async (seat) => {
      if (seat.database === "acme-db" && looks > 0 && --looks === 0) clusters.move(seat, SECOND);
      return describe_(seat);
    };
    let proofsByOld = 0;
    const ask = clusters.ask.bind(clusters);
    clusters.ask = async (region, request) => {
      if (request.operation === "prove" && clusters.writerOf("acme-db") === WRITER)
        proofsByOld += 1;
      return ask(region, request);
    };
    expect((await planned(world)).status).toBe("done");
    expect(proofsByOld).toBe(0);
  });

  it("is left to RDS while that is at it, and to its application once its writer commits again", async () => {
    const world = stuck();
    const clusters = clustersOf(world);
    clusters.movingLooks = 3;
    world.before = (step) => {
      if (step === "preflight" && clusters.writerOf("acme-db") === WRITER) {
        world.before = () => {};
        world.page = "bad";
        clusters.begin(SEAT, THIRD);
      }
    };
    const run = await world.failover();
    expect(JSON.stringify(run)).toContain("HaltStillAlive");
    expect(writersIn(world)).toEqual([]);
  });

  it("counts as done where RDS moved it by itself after all was asked", async () => {
    const world = stuck();
    world.before = (step) => {
      if (step === "promote") clustersOf(world).move(SEAT, THIRD);
    };
    expect((await world.failover()).status).toBe("done");
    expect(writersIn(world)).toEqual([]);
    expect(world.roles).toMatchObject({ epoch: 2, primary: SEAT });
  });

  it("is taken over by a member that keeps up, before one of a better tier that does not", async () => {
    const world = stuck();
    memberOf(world, SECOND).lagMs = 90_000;
    await world.failover();
    expect(writersIn(world)).toEqual([`writer ${THIRD}`]);
  });

  it("is taken over by whoever serves when it is asked, though another did before", async () => {
    const world = stuck();
    world.before = (step) => {
      if (step === "promote") memberOf(world, SECOND).runs = false;
    };
    expect((await world.failover()).status).toBe("done");
    expect(writersIn(world)).toEqual([`writer ${THIRD}`]);
  });

  it("halts where no member can take over, and says of each why", async () => {
    const world = stuck();
    memberOf(world, SECOND).runs = false;
    memberOf(world, THIRD).status = "rebooting";
    const run = await world.failover();
    expect(JSON.stringify(run)).toContain("HaltNoMember");
    expect(JSON.stringify(run)).toMatch(/acme-db-1 does not answer.*acme-db-2 is rebooting/);
    expect(writersIn(world)).toEqual([]);
    expect(world.roles).toMatchObject({ epoch: 1 });
    const halted = world.notices.find(({ kind }) => kind === "failover-halted");
    expect(halted?.lines.join("\n")).toMatch(/nothing is lost by its taking over/);
    expect(halted?.lines.join("\n")).not.toMatch(/fence/i);
  });

  it("waits for members that restart with their writer", async () => {
    const world = stuck();
    const others = [memberOf(world, SECOND), memberOf(world, THIRD)];
    for (const each of others) each.runs = false;
    let waited = 0;
    world.before = (step) => {
      if (step !== "preflight") return;
      waited += 1;
      if (waited === 2) for (const each of others) each.runs = true;
    };
    expect((await world.failover()).status).toBe("done");
    expect(waited).toBeGreaterThan(1);
  });

  it("is asked by a person first where the fleet says so, and they read who takes over", async () => {
    const world = stuck("approval");
    world.people = () => {};
    await world.failover();
    const wanted = world.notices.find(({ kind }) => kind === "approval-wanted");
    expect(wanted?.lines.join("\n")).toMatch(/Another member of its cluster would take over/);
  });

  it("needs no API of Route 53: its names stay", async () => {
    const world = stuck();
    world.signpost.apiLost = true;
    expect((await world.failover()).status).toBe("done");
  });

  it("needs a person for the second time within half an hour", async () => {
    const world = stuck();
    await world.failover();
    memberOf(world, SECOND).runs = false;
    Object.assign(world.primary, { process: "dead", beatAt: world.clock.now().getTime() - 60_000 });
    const again = world.request({ epoch: 2, firstBadAt: world.clock.now().toISOString() });
    expect(JSON.stringify(await world.failover(again))).toContain("HaltCooldown");
  });

  it("goes on after a halt behind the request, and moves the writer no second time", async () => {
    const world = stuck();
    let isBroken = true;
    world.before = (step) => {
      if (step === "roles" && isBroken) throw new SlaError("HaltEpoch", "operator", "for a test");
    };
    const first = await world.failover(undefined, "fo-acme-first");
    expect(first.status).toBe("halted");
    isBroken = false;
    const person = { trigger: "person", continues: "fo-acme-first" } as const;
    const run = await world.failover(world.request(person), "fo-acme-second");
    expect(run.status).toBe("done");
    expect(writersIn(world)).toEqual([`writer ${SECOND}`]);
  });

  it("overwrites nobody who gave it other roles meanwhile", async () => {
    const world = stuck();
    world.before = (step) => {
      if (step !== "roles") return;
      const left = {
        ...world.roles,
        epoch: 2,
        leftAt: "2026-11-21T10:01:00.000Z",
        by: "sla leave",
      };
      world.ledgers.at(CONTROL).put("roles/acme.json", left);
    };
    expect(JSON.stringify(await world.failover())).toContain("HaltEpoch");
    expect(world.roles).toMatchObject({ leftAt: "2026-11-21T10:01:00.000Z" });
  });
});

describe("a Multi-AZ DB cluster whose writer is dead", () => {
  function stuckOwn(): World {
    const world = new World({ engine: "postgres-cluster", regional: true });
    memberOf(world, WRITER).runs = false;
    return world;
  }

  it("is given the writer that RDS chooses: nobody else knows who has all that was acknowledged", async () => {
    const world = stuckOwn();
    memberOf(world, SECOND).lagMs = 2_000;
    expect((await world.failover()).status).toBe("done");
    expect(writersIn(world)).toEqual([`writer ${THIRD}, by RDS`]);
    expect([...world.databases.spoken]).toEqual(["postgres-cluster"]);
    expect(onlyRecord(world)?.measured).toMatchObject({ rpoSeconds: 0, rpoByCluster: true });
  });

  it("is not asked again at once where the answer was lost and nothing has begun yet", async () => {
    const world = stuckOwn();
    const clusters = clustersOf(world);
    let asked = 0;
    clusters.promote = async () => {
      asked += 1;
      laterIn(world, 20, () => clusters.move(SEAT, SECOND));
      throw new SlaError("CloudUnreachable", "cloud", "broken off");
    };
    expect((await world.failover()).status).toBe("done");
    expect(asked).toBe(1);
  });

  it("is asked again where nothing has come of it in a minute", async () => {
    const world = stuckOwn();
    const clusters = clustersOf(world);
    const promote = clusters.promote.bind(clusters);
    let asked = 0;
    clusters.promote = async (seat, options) => {
      asked += 1;
      if (asked > 1) return promote(seat, options);
      throw new SlaError("CloudUnreachable", "cloud", "never arrived");
    };
    expect((await world.failover()).status).toBe("done");
    expect(asked).toBe(2);
  });

  it("halts where nobody serves as a reader", async () => {
    const world = stuckOwn();
    for (const id of [SECOND, THIRD]) memberOf(world, id).runs = false;
    expect(JSON.stringify(await world.failover())).toContain("HaltNoMember");
    expect(writersIn(world)).toEqual([]);
  });
});

it("is asked for by name in Aurora MySQL as well", async () => {
  const world = new World({ engine: "aurora-mysql", regional: true });
  memberOf(world, WRITER).runs = false;
  expect((await world.failover()).status).toBe("done");
  expect(writersIn(world)).toEqual([`writer ${SECOND}`]);
  expect([...world.databases.spoken]).toEqual(["aurora-mysql"]);
});

describe("the watch of a cluster of one region", () => {
  const plan = { ...QUICK_PLAN, multiAz: { required: false, waitSeconds: 90 } };
  const watched = () => new WatchWorld(fleetOf([regional("acme", "aurora-postgresql")], plan));
  const secondsOf = (slot = "") => (Date.parse(slot) - Date.parse("2026-03-02T10:00:00Z")) / 1000;

  it("calls for another writer once RDS had its time, from control, and says that it goes first", async () => {
    const world = watched().fault("database acme-db", 300);
    await world.minutes(0, 12);
    expect(world.executions()).toHaveLength(1);
    const [request] = world.started;
    expect(secondsOf(request?.firstBadAt)).toBe(300);
    expect(secondsOf(request?.decidedAt)).toBe(390);
    expect(request?.lastSeen?.primaryBeat).toBeDefined();
    const opened = world.notices.find(({ kind }) => kind === "incident-opened");
    expect(opened?.lines.join("\n")).toMatch(/RDS is given 90 s to make another member write/);
  });

  it("calls for nothing where RDS moves the writer in that time", async () => {
    const world = watched().fault("database acme-db", 300, 380);
    await world.minutes(0, 12);
    expect(world.started).toEqual([]);
    expect(world.told("acme")).toEqual(["incident-opened", "incident-closed"]);
  });

  it("calls for nothing while the writer commits, whatever its application does", async () => {
    const world = watched().fault("app acme", 300);
    await world.minutes(0, 12);
    expect(world.started).toEqual([]);
    expect(world.told("acme")).toContain("application-down");
  });

  it("tells people where its region is lost, and makes a member write once that answers again", async () => {
    const world = watched().fault("region eu-central-2", 300, 900).fault("database acme-db", 300);
    await world.minutes(0, 14);
    expect(world.started).toEqual([]);
    const needed = world.notices.find(({ kind }) => kind === "recovery-needed");
    expect(needed?.lines.join("\n")).toMatch(/cannot take over while RDS does not answer/);
    expect(needed?.lines.join("\n")).not.toContain("sla recover");
    await world.minutes(840, 6);
    expect(world.executions()).toHaveLength(1);
  });
});

describe("a planned failover of a cluster of one region", () => {
  it("moves the writer there and back, by the same command", async () => {
    const world = healthy();
    expect((await planned(world)).status).toBe("done");
    memberOf(world, SECOND).lagMs = 0;
    expect((await planned(world, "fo-acme-back", 2)).status).toBe("done");
    expect(writersIn(world)).toEqual([`writer ${SECOND}`, `writer ${WRITER}`]);
    expect(recordOf(world, "fo-acme-planned")?.measured).toMatchObject({
      ...{ rpoSeconds: 0, rpoByCluster: true },
    });
    expect(promotionsIn(world)).toEqual([]);
  });

  it("is none where the writer is down: the next command says so", async () => {
    const world = stuck();
    expect(JSON.stringify(await planned(world))).toContain("HaltDown");
    expect(writersIn(world)).toEqual([]);
  });

  it("leaves its writer to its clients where RDS refuses", async () => {
    const world = healthy();
    world.primary.refusals = 10_000;
    expect((await planned(world)).status).toBe("halted");
    expect(world.primary.acknowledgesNewClient()).toBe(true);
    expect(world.roles).toMatchObject({ epoch: 1 });
  });
});
