import { describe, expect, it } from "vitest";
import { SlaError } from "../../functions/kernel/errors.ts";
import type { Roles } from "../../lib/sla/roles.ts";
import { CONTROL, HOME, STANDBY, type World } from "../fakes/failover-world.ts";
import { byPerson, drop, filledWorld, NEW_STANDBY } from "../fakes/filled-primary.ts";
import { reprotect } from "../fakes/reprotect.ts";

const rolesIn = (world: World, region: string) =>
  world.ledgers.at(region).peek<Roles>("roles/acme.json");
const lock = (world: World) => world.ledgers.at(STANDBY).peek("locks/acme.json");
const linesOf = (world: World, kind: string) =>
  world.notices.find((each) => each.kind === kind)?.lines.join("\n");
const DELETED = "delete acme-db-standby";

/** Nothing was touched, nobody was told, and a failover could begin at once. */
function expectSpared(world: World): void {
  expect(world.databases.changes).toEqual([]);
  expect(world.told).toEqual([]);
  for (const site of [HOME, STANDBY, CONTROL]) expect(rolesIn(world, site)?.epoch).toBe(1);
  expect(lock(world)).not.toMatchObject({ state: "held" });
}

describe("a standby that fills the storage of its primary", () => {
  it("is given up, its slot goes with it, and a new one stands by under the next epoch", async () => {
    const world = filledWorld();
    const run = await drop(world);
    expect(run.status).toBe("done");
    expect(world.databases.changes).toEqual([
      "unprotect acme-db-standby",
      DELETED,
      `create ${NEW_STANDBY}`,
      `backups of ${NEW_STANDBY}: 7`,
    ]);
    for (const site of [HOME, STANDBY, CONTROL]) {
      expect(rolesIn(world, site)).toMatchObject({
        epoch: 3,
        owner: STANDBY,
        primary: { region: HOME, database: "acme-db" },
        standby: { region: STANDBY, database: NEW_STANDBY },
      });
      expect(rolesIn(world, site)).not.toHaveProperty("dropped");
    }
    expect(world.primary.filled.kept).toBe(0);
    expect(lock(world)).toMatchObject({ state: "free" });
  });

  it("of MariaDB is given up by a person, also one that fetches all and applies nothing", async () => {
    const world = filledWorld("mariadb");
    Object.assign(world.standby, { process: "runs", undrained: 5 * 2 ** 30 });
    expect((await drop(world, byPerson())).status).toBe("done");
    expect(world.databases.changes).toContain(DELETED);
    expect(linesOf(world, "standby-dropped")).toContain("which RDS purges by itself");
    const inOrder = filledWorld("mariadb");
    Object.assign(inOrder.standby, { process: "runs", undrained: 2 ** 20 });
    expect(JSON.stringify(await drop(inOrder, byPerson()))).toContain("HaltDropRefused");
    expect(inOrder.databases.changes).toEqual([]);
  });

  it("is told with what is lost meanwhile, and again when the new one streams", async () => {
    const world = filledWorld();
    await drop(world);
    expect(world.told).toEqual(["standby-dropped", "reprotect-done"]);
    expect(linesOf(world, "standby-dropped")).toMatch(
      /at most 5 % .* bound is 10 %[\s\S]*60 % of its storage are free[\s\S]*Nothing stands by/,
    );
    expect(linesOf(world, "reprotect-done")).not.toContain("quarantine");
  });

  it("leaves its network and its key to its successor, although it is gone by then", async () => {
    const world = filledWorld();
    await drop(world);
    expect(world.databases.orders).toMatchObject([
      { subnetGroup: "theirs", source: `arn:aws:rds:${HOME}:111111111111:db:acme-db` },
    ]);
  });

  it("has no seat in any roles by the time it is deleted", async () => {
    const world = filledWorld();
    world.before = (step) => {
      if (step !== "drop-delete") return;
      for (const site of [HOME, STANDBY, CONTROL]) {
        expect(rolesIn(world, site)).toMatchObject({
          epoch: 2,
          owner: CONTROL,
          dropped: { database: "acme-db-standby" },
        });
        expect(rolesIn(world, site)).not.toHaveProperty("standby");
      }
    };
    expect((await drop(world)).status).toBe("done");
  });

  it("is given up once whether each step is taken once or twice", async () => {
    const world = filledWorld();
    world.twice = true;
    expect((await drop(world)).status).toBe("done");
    expect(world.databases.changes.filter((change) => change === DELETED)).toHaveLength(1);
    expect(rolesIn(world, CONTROL)).toMatchObject({ epoch: 3 });
  });

  it("is waited for while RDS deletes it", async () => {
    const world = filledWorld();
    world.standby.deletionLooks = 200;
    const run = await drop(world);
    expect(run.status).toBe("done");
    expect(run.states).toContain("DropLater");
  });

  it("is deleted a minute after the roles, so that a promotion asked for before shows", async () => {
    const world = filledWorld();
    const { standby } = world;
    // What takes a round of its own would hide it.
    standby.isProtected = false;
    const at = new Map<string, number>();
    world.before = (step) => {
      if (!at.has(step)) at.set(step, world.clock.now().getTime());
    };
    await drop(world);
    const passed = (at.get("drop-slot") ?? 0) - (at.get("drop-roles") ?? 0);
    expect(passed).toBeGreaterThanOrEqual(60_000);
    expect(standby.status).toBe("deleting");
  });

  it("that is gone already is taken from the roles all the same", async () => {
    const world = filledWorld();
    world.databases.all.delete(`${STANDBY}/acme-db-standby`);
    world.primary.filled = { data: 40, kept: 0, keptFor: "nobody" };
    const run = await drop(world, { ...byPerson(), subnetGroup: "theirs" });
    expect(run.status).toBe("done");
    expect(world.databases.changes).not.toContain(DELETED);
    expect(rolesIn(world, CONTROL)).toMatchObject({ standby: { database: NEW_STANDBY } });
  });
});

describe("the second look of the watch leaves it where it is", () => {
  type Found = (world: World) => void;
  const debt = (kind: string) => ({
    ...{ kind, state: "owed", since: "2026-11-21T09:00:00.000Z", instance: "acme" },
    because: "it does not answer",
  });
  const owed = (kind: string) => (world: World) =>
    world.ledgers.at(CONTROL).put(`debts/acme/${kind}.json`, debt(kind));
  const STREAMS = { process: "runs", beatAt: undefined, streams: true } as const;

  it.each<[string, Found]>([
    [
      "if enough is free again",
      ({ primary }) => {
        primary.filled = { data: 40, kept: 20, keptFor: "replica" };
      },
    ],
    [
      "if a disk full of data is to blame, not the log",
      ({ primary }) => {
        primary.filled = { data: 99, kept: 0.5, keptFor: "replica" };
      },
    ],
    ["if it streams and is not behind", ({ standby }) => Object.assign(standby, STREAMS)],
    [
      "if the log is kept for a subscriber",
      ({ primary }) => {
        primary.filled = { ...primary.filled, keptFor: "subscriber" };
      },
    ],
    [
      "if another replica may be the one that is behind",
      ({ databases, standby }) =>
        databases.all.set(`${HOME}/reports`, Object.assign(Object.create(standby), { host: "r" })),
    ],
    ["if its primary is dead: a failover may need it", ({ primary }) => kill(primary)],
    ["if the region of its primary is lost", ({ databases }) => databases.lost.add(HOME)],
    ["if its own region does not answer", ({ databases }) => databases.lost.add(STANDBY)],
    [
      "if its primary is at something",
      ({ primary }) => Object.assign(primary, { status: "rebooting" }),
    ],
    [
      "if it is at something, which may be its promotion",
      ({ standby }) => Object.assign(standby, { status: "modifying", promotionLooks: 9 }),
    ],
    ["if a fence is owed", owed("fence")],
    ["if records are owed", owed("records")],
    [
      "if nobody says how large the storage is",
      ({ primary }) => Object.assign(primary, { allocatedGib: Number.NaN }),
    ],
  ])("%s", async (_when, found) => {
    const world = filledWorld();
    found(world);
    const run = await drop(world);
    expect(run.status).toBe("done");
    expect(run.states).toContain("Overtaken");
    expectSpared(world);
  });

  it("but gives it up if it streams and stays far behind", async () => {
    const world = filledWorld();
    Object.assign(world.standby, STREAMS, { position: "0/2000" });
    world.primary.position = "D/0";
    expect((await drop(world)).status).toBe("done");
    expect(world.databases.changes).toContain(DELETED);
  });

  it("and a failover that is due then is not held up", async () => {
    const world = filledWorld();
    Object.assign(world.standby, STREAMS);
    world.lose("acme");
    await drop(world);
    expectSpared(world);
    expect((await world.failover()).status).toBe("done");
    expect(rolesIn(world, CONTROL)).toMatchObject({ primary: { database: "acme-db-standby" } });
  });
});

const kill = (database: { process: string }) => Object.assign(database, { process: "dead" });

describe("nothing is deleted that is or may become a primary", () => {
  type Turn = (world: World) => void;
  const moved = (world: World) => {
    const now = rolesIn(world, STANDBY);
    world.ledgers.at(STANDBY).put("roles/acme.json", { ...now, epoch: 7, by: "a failover" });
  };
  const promotedByHand = ({ standby }: World) => {
    Object.assign(standby, { source: undefined, replication: [], inRecovery: false });
  };
  const HALTS: readonly (readonly [string, string, Turn])[] = [
    ["somebody promoted it by hand", "it follows nobody", promotedByHand],
    [
      "RDS forgot its source, though it is in recovery",
      "it follows nobody",
      ({ standby }) => Object.assign(standby, { source: undefined, process: "runs" }),
    ],
    [
      "RDS calls it a replica and it takes writes",
      "it takes writes",
      ({ standby }) => Object.assign(standby, { process: "runs", inRecovery: false }),
    ],
    [
      "it follows another primary",
      "it follows arn:aws:rds:eu-central-2:111111111111:db:birch-db",
      ({ standby }) => {
        standby.source = `arn:aws:rds:${HOME}:111111111111:db:birch-db`;
      },
    ],
    [
      "others follow it, which RDS would promote",
      "follow it",
      ({ databases, standby }) => {
        const source = `arn:aws:rds:${STANDBY}:111111111111:db:acme-db-standby`;
        const follower = Object.assign(Object.create(standby), { source, host: "follower" });
        databases.all.set(`${STANDBY}/follower`, follower);
      },
    ],
  ];

  it.each(HALTS)("when %s", async (_when, words, turn) => {
    const world = filledWorld();
    turn(world);
    const run = await drop(world);
    expect(run.output).toMatchObject({ Error: "HaltNoReplica" });
    expect(world.databases.changes).toEqual([]);
    expect(rolesIn(world, CONTROL)).toMatchObject({ epoch: 1 });
    expect(lock(world)).toMatchObject({ state: "free" });
    expect(linesOf(world, "reprotect-halted")).toContain(words);
    expect(linesOf(world, "reprotect-halted")).toContain("was not given up");
  });

  it.each(HALTS)("when %s after the roles were written", async (_when, words, turn) => {
    const world = filledWorld();
    world.before = (step) => {
      if (step === "drop-delete") turn(world);
    };
    const run = await drop(world);
    expect(run.output).toMatchObject({ Error: "HaltNoReplica" });
    expect(world.databases.changes).toEqual([]);
    expect(linesOf(world, "reprotect-halted")).toContain(words);
  });

  it("when it begins to be promoted meanwhile: it waits, and sees a primary", async () => {
    const world = filledWorld();
    world.before = (step) => {
      if (step === "drop-delete") Object.assign(world.standby, { status: "modifying" });
    };
    let waits = 0;
    world.meanwhile = () => {
      waits += 1;
      expect(world.databases.changes).toEqual([]);
      expect(waits).toBeLessThan(20);
      if (waits === 4) world.before = () => {};
      if (waits === 5) {
        promotedByHand(world);
        world.standby.status = "available";
      }
    };
    world.standby.promotionLooks = 1000;
    const run = await drop(world);
    expect(run.output).toMatchObject({ Error: "HaltNoReplica" });
    expect(world.databases.changes).toEqual([]);
  });

  it.each(["drop-roles", "drop-delete"])("when the roles move before %s", async (where) => {
    const world = filledWorld();
    world.before = (step) => {
      if (step === where) moved(world);
    };
    const run = await drop(world);
    expect(run.status).toBe("done");
    expect(run.states).toContain("Overtaken");
    expect(world.databases.changes).toEqual([]);
    expect(rolesIn(world, STANDBY)).toMatchObject({ epoch: 7 });
  });

  it("when roles of the very next epoch are somebody else's", async () => {
    const world = filledWorld();
    world.before = (step) => {
      if (step !== "drop-delete") return;
      const now = rolesIn(world, STANDBY);
      world.ledgers.at(STANDBY).put("roles/acme.json", { ...now, by: "a failover" });
    };
    const run = await drop(world);
    expect(run.output).toMatchObject({ Error: "HaltEpoch" });
    expect(world.databases.changes).toEqual([]);
  });

  it("while a failover holds the lock, which stays its own", async () => {
    const world = filledWorld();
    const by = `arn:aws:states:${STANDBY}:111111111111:execution:sla-failover:fo-acme`;
    const held = { state: "held", by, until: "2026-11-22T00:00:00.000Z" };
    world.ledgers.at(STANDBY).put("locks/acme.json", held);
    expect((await drop(world)).status).toBe("done");
    expect(world.databases.changes).toEqual([]);
    expect(lock(world)).toEqual(held);
    expect(rolesIn(world, CONTROL)).toMatchObject({ epoch: 1 });
    expect(world.told).toEqual([]);
  });

  it("and a failover that was decided on the old epoch promotes nothing any more", async () => {
    const world = filledWorld();
    world.before = (step) => {
      if (step === "drop-delete") kill(world.primary);
    };
    expect((await drop(world)).output).toMatchObject({ Error: "HaltSlotStays" });
    const run = await world.failover();
    expect(run.status).toBe("halted");
    expect(world.databases.changes.filter((change) => change.startsWith("promote"))).toEqual([]);
  });
});

it("a second look that is throttled is taken again, and holds no lock meanwhile", async () => {
  const world = filledWorld();
  const { databases } = world;
  const describeIt = databases.describe.bind(databases);
  databases.describe = () => Promise.reject(new SlaError("CloudThrottled", "cloud", "busy"));
  const locks: unknown[] = [];
  world.meanwhile = () => {
    if (locks.length === 0) locks.push(lock(world));
    databases.describe = describeIt;
    databases.settle();
  };
  expect((await drop(world)).status).toBe("done");
  expect(locks).toMatchObject([{ state: "free" }]);
});

describe("a person gives it up", () => {
  it("but not while its primary is dead: it may be all there is", async () => {
    const world = filledWorld();
    kill(world.primary);
    expect((await drop(world, byPerson())).output).toMatchObject({ Error: "HaltDropRefused" });
    expect(world.databases.changes).toEqual([]);
  });

  it("whatever is free, if it does not stream in order", async () => {
    const world = filledWorld();
    world.primary.filled = { data: 10, kept: 0, keptFor: "replica" };
    expect((await drop(world, byPerson())).status).toBe("done");
    expect(world.databases.changes).toContain(DELETED);
    expect(linesOf(world, "standby-dropped")).toContain("its disk is gone");
  });

  it("only with a word for it if it streams in order", async () => {
    const world = filledWorld();
    Object.assign(world.standby, { process: "runs", beatAt: undefined });
    const run = await drop(world, byPerson());
    expect(run.output).toMatchObject({ Error: "HaltDropRefused" });
    expect(linesOf(world, "reprotect-halted")).toMatch(/it streams[\s\S]*--drop-standby/);
    expect(rolesIn(world, CONTROL)).toMatchObject({ epoch: 1 });
    const again = await drop(world, byPerson({ evenIfStreaming: true }), "rp-acme-e1-drop-2");
    expect(again.status).toBe("done");
    expect(world.databases.changes).toContain(DELETED);
  });

  it("is told why not, where the watch would just look again", async () => {
    const world = filledWorld();
    world.databases.lost.add(HOME);
    const run = await drop(world, byPerson());
    expect(run.output).toMatchObject({ Error: "HaltDropRefused" });
    expect(world.told).toEqual(["reprotect-halted"]);
    expect(lock(world)).toMatchObject({ state: "free" });
  });
});

describe("after it is deleted", () => {
  it("a slot that stays for an hour is for a person", async () => {
    const world = filledWorld();
    world.databases.slotsStay = true;
    const run = await drop(world);
    expect(run.output).toMatchObject({ Error: "HaltSlotStays" });
    expect(linesOf(world, "reprotect-halted")).toMatch(/1 slots[\s\S]*npx sla reprotect acme --r/);
    expect(world.databases.orders).toEqual([]);
  });

  it("who goes on by hand, where it is owned now, finds what its successor gets", async () => {
    const world = filledWorld();
    world.databases.refusal = "InstanceQuotaExceeded: 40";
    expect((await drop(world)).output).toMatchObject({ Error: "HaltReplicaRefused" });
    world.databases.refusal = undefined;
    const request = { instance: "acme", incident: "i2", epoch: 2, trigger: "person" } as const;
    world.reprotects.begun.push({ region: CONTROL, request: { ...request, reason: "quota" } });
    const run = await reprotect(world, {}, "rp-acme-e2-p1");
    expect(run.status).toBe("done");
    expect(world.databases.orders).toMatchObject([{ subnetGroup: "theirs" }]);
  });

  it("a mail says once a day what stands in the way, however often the watch begins it", async () => {
    const world = filledWorld();
    world.standby.source = undefined;
    for (const hour of [1, 2]) await drop(world, {}, `rp-acme-e1-drop-${hour}`);
    const keys = world.notices.map(({ kind, incident, occasion }) =>
      [kind, incident, occasion].join(" "),
    );
    expect(keys).toHaveLength(2);
    expect(new Set(keys)).toEqual(new Set(["reprotect-halted storage-2026-11-21 HaltNoReplica"]));
  });
});
