import { describe, expect, it } from "vitest";
import type { Measured } from "../../functions/failover/measure.ts";
import type { SqlRequest } from "../../functions/sql/contract.ts";
import { loseHome } from "../fakes/debt-rounds.ts";
import { HOME, STANDBY, World } from "../fakes/failover-world.ts";
import { newStandby, reprotect } from "../fakes/reprotect.ts";

/** acme serves, its standby follows. */
function healthy(): World {
  const world = new World();
  world.primary.process = "runs";
  world.primary.beatAt = undefined;
  world.standby.beatAt = undefined;
  return world;
}

const NOW = "2026-11-21T10:00:45.000Z";
const plan = (world: World, changes = {}) =>
  world.request({
    trigger: "person",
    planned: true,
    reason: "home again",
    firstBadAt: NOW,
    ...changes,
  });
const run = (world: World, changes = {}, name = "fo-acme-planned") =>
  world.failover(plan(world, changes), name);

interface Recorded {
  readonly measured: Measured;
  readonly drained: { readonly position: string; readonly replayed: string };
}

function recordOf(world: World, name: string): Recorded {
  const found = world.ledgers.at(STANDBY).peek<Recorded>(`failovers/acme/${name}/record.json`);
  if (!found) throw new Error("nothing recorded");
  return found;
}

/** Still the primary, and its clients are in. */
function expectUndone(world: World): void {
  expect(world.primary.groups).toEqual(["sg-clients"]);
  expect(world.primary.acknowledgesNewClient()).toBe(true);
  expect(world.standby.inRecovery).toBe(true);
  expect(world.databases.changes.filter((each) => each.startsWith("promote"))).toEqual([]);
  expect(world.roles).toMatchObject({ epoch: 1 });
  expect(world.targets("db.acme.example.ch")[0]).toBe(`acme-db.${HOME}.rds`);
}

describe("a planned failover", () => {
  it("waits for what a client wrote whose handshake outlived the end of sessions", async () => {
    const world = healthy();
    const ask = world.databases.ask.bind(world.databases);
    let beats = 0;
    world.databases.ask = async <T>(region: string, request: SqlRequest) => {
      if (request.operation === "beat" && ++beats === 2) {
        // It has written and left: only the position tells.
        Object.assign(world.primary, { position: "0/3000" });
        Object.assign(world.standby, { position: "0/3000" });
      }
      return ask<T>(region, request);
    };
    expect((await run(world)).status).toBe("done");
    expect(recordOf(world, "fo-acme-planned")).toMatchObject({
      drained: { position: "0/3000", replayed: "0/3000" },
    });
  });

  it("moves a healthy instance and loses nothing, measured by position", async () => {
    const world = healthy();
    expect((await run(world)).status).toBe("done");
    expect(world.roles).toMatchObject({ epoch: 2, primary: { database: "acme-db-standby" } });
    expect(recordOf(world, "fo-acme-planned")).toMatchObject({
      measured: { rpoSeconds: 0, rpoMeasuredAt: "0/2000" },
      drained: { position: "0/2000", replayed: "0/2000" },
    });
    const done = world.notices.find(({ kind }) => kind === "failover-done");
    expect(done?.lines.join("\n")).toMatch(/none is lost: the standby had replayed 0\/2000/);
  });

  it("reads the position when nobody is acknowledged anything any more", async () => {
    const world = healthy();
    let drained = false;
    world.before = (step) => {
      if (step === "drain") {
        drained = true;
        expect(world.primary.acknowledges()).toBe(false);
        // What was acknowledged until a moment ago arrives on the standby a moment later.
        world.primary.position = "0/9000";
        world.standby.position = "0/8000";
        const { ask } = world.databases;
        let looks = 0;
        world.databases.ask = async (region, request) => {
          looks += 1;
          if (looks === 12) world.standby.position = "0/9000";
          return ask.call(world.databases, region, request) as never;
        };
      }
      if (step === "promote") expect(world.standby.position).toBe("0/9000");
    };
    expect((await run(world)).status).toBe("done");
    expect(drained).toBe(true);
    expect(recordOf(world, "fo-acme-planned").drained.position).toBe("0/9000");
  });

  it("counts as out of service only from the fence on", async () => {
    const world = healthy();
    await run(world, { firstBadAt: "2026-11-21T09:00:00.000Z" });
    expect(recordOf(world, "fo-acme-planned").measured.rtoSeconds).toBeLessThan(600);
  });

  it("is the same whether each step is taken once or twice", async () => {
    const world = healthy();
    world.twice = true;
    expect((await run(world)).status).toBe("done");
    expect(world.databases.changes.filter((each) => each.startsWith("promote"))).toHaveLength(1);
  });

  it("asks for no patience after a failover: it loses nothing by coming soon", async () => {
    const world = new World();
    await world.failover();
    await reprotect(world);
    newStandby(world).beatAt = undefined;
    world.standby.beatAt = undefined;
    const back = await run(world, { epoch: 3 });
    expect(back.status).toBe("done");
    expect(world.roles).toMatchObject({ epoch: 4, primary: { region: HOME } });
    expect(recordOf(world, "fo-acme-planned").measured.rpoSeconds).toBe(0);
  });

  it("is planned by a person only: the watch's word for it is not heard", async () => {
    const world = healthy();
    const { output } = await run(world, { trigger: "watch" });
    expect(output).toMatchObject({ Error: "HaltRecovered" });
    expect(world.databases.changes).toEqual([]);
  });
});

describe("a planned failover is refused, with nothing touched,", () => {
  type Trouble = (world: World) => void;
  const REFUSALS: readonly (readonly [string, string, Trouble])[] = [
    ["of what is down", "HaltDown", (world) => (world.primary.process = "dead")],
    [
      "where the primary answers pages' clients and not us",
      "HaltDown",
      (world) => {
        world.page = "good";
        world.primary.process = "hung";
      },
    ],
    [
      "where the standby does not stream",
      "HaltNotStreaming",
      (world) => (world.standby.streams = false),
    ],
    [
      "where the standby streams and is minutes late: clients would wait for nothing",
      "HaltNotDrained",
      (world) => (world.standby.beatAt = Date.parse("2026-11-21T09:57:00.000Z")),
    ],
    [
      "where nothing stands by",
      "HaltNoStandby",
      (world) => world.databases.all.delete(`${STANDBY}/acme-db-standby`),
    ],
    [
      "where the standby keeps no backups of its own",
      "HaltStandbyUnfit",
      (world) => (world.standby.retentionDays = 0),
    ],
    [
      "where replication was terminated",
      "HaltStandbyUnfit",
      (world) => (world.standby.replication = ["terminated"]),
    ],
  ];

  it.each(REFUSALS)("%s: %s", async (_what, code, trouble) => {
    const world = healthy();
    trouble(world);
    const { output } = await run(world, { accept: ["HaltNotStreaming", "HaltBehind"] });
    expect(output).toMatchObject({ Error: code });
    expect(world.databases.changes).toEqual([]);
  });
});

describe("a planned failover is undone, with its clients back,", () => {
  it("if the standby does not reach the position in time", async () => {
    const world = healthy();
    world.before = (step) => {
      if (step === "drain") world.primary.position = "0/9000";
    };
    const { output, states } = await run(world);
    expect(output).toMatchObject({ Error: "HaltNotDrained" });
    expect(states).toContain("Unfence");
    expectUndone(world);
    const mail = world.notices.find(({ kind }) => kind === "failover-halted");
    expect(mail?.lines.join("\n")).toMatch(
      /npx sla failover acme --reason 'home again' --planned --continue/,
    );
    expect(mail?.lines.join("\n")).not.toContain("--allow-loss");
  });

  it("if the row behind the position is not seen, whatever the positions say", async () => {
    const world = healthy();
    world.before = (step) => {
      if (step === "drain") world.standby.beatAt = Date.parse("2026-11-21T09:59:50.000Z");
    };
    expect((await run(world)).output).toMatchObject({ Error: "HaltNotDrained" });
    expectUndone(world);
  });

  it("if a session of a client comes back behind the fence", async () => {
    const world = healthy();
    world.before = (step) => {
      if (step === "drain") world.primary.sessions = 1;
    };
    expect((await run(world)).output).toMatchObject({ Error: "HaltDown" });
    expect(world.primary.groups).toEqual(["sg-clients"]);
    expect(world.standby.inRecovery).toBe(true);
  });

  it("if a person aborts it before the promotion", async () => {
    const world = healthy();
    world.before = (step) => {
      if (step !== "drain") return;
      const execution = world.executionOf(plan(world), "fo-acme-planned");
      const wish = { instance: "acme", execution, reason: "not now", at: NOW };
      world.ledgers.at(STANDBY).put("aborts/acme.json", wish);
    };
    expect((await run(world)).output).toMatchObject({ Error: "HaltAborted" });
    expectUndone(world);
  });

  it("if RDS refuses the promotion", async () => {
    const world = healthy();
    world.standby.refusals = 1000;
    expect((await run(world)).status).toBe("halted");
    expectUndone(world);
  });
});

describe("a primary that dies in the middle of a plan", () => {
  it("before the position was read is no plan any more: nothing is promoted, a person is told", async () => {
    const world = healthy();
    world.before = (step) => {
      if (step === "drain") world.primary.process = "dead";
    };
    expect((await run(world)).output).toMatchObject({ Error: "HaltDown" });
    expect(world.primary.groups).toEqual(["sg-clients"]);
    expect(world.standby.inRecovery).toBe(true);
    const mail = world.notices.find(({ kind }) => kind === "failover-halted");
    expect(mail?.lines.join("\n")).toMatch(/npx sla failover acme --reason 'home again' --dry-run/);
  });

  it("with its region owes no debt: the plan ends before anything is promoted", async () => {
    const world = healthy();
    world.before = (step) => {
      if (step === "fence") loseHome(world);
    };
    expect((await run(world)).output).toMatchObject({ Error: "HaltDown" });
    expect(world.standby.inRecovery).toBe(true);
    expect(world.ledgers.at(STANDBY).keys("debts/")).toEqual([]);
  });

  it("after the standby has all of it changes nothing: the plan ends as planned", async () => {
    const world = healthy();
    world.before = (step) => {
      if (step === "promote") world.primary.process = "dead";
    };
    expect((await run(world)).status).toBe("done");
    expect(recordOf(world, "fo-acme-planned").measured.rpoSeconds).toBe(0);
  });

  it("leaves the automatic failover free to begin", async () => {
    const world = healthy();
    world.before = (step) => {
      if (step !== "drain") return;
      world.primary.process = "dead";
      for (const each of [world.primary, world.standby])
        each.beatAt = Date.parse("2026-11-21T10:00:50Z");
      world.before = () => {};
    };
    await run(world);
    expect(world.ledgers.at(STANDBY).peek("locks/acme.json")).toMatchObject({ state: "free" });
    const later = { firstBadAt: "2026-11-21T10:03:00.000Z", lastSeen: { streaming: true } };
    const rescue = await world.failover(world.request(later));
    expect(rescue.status).toBe("done");
  });
});

it("who tries again goes on where it stopped, and nothing is lost", async () => {
  const world = healthy();
  world.before = (step) => {
    if (step === "drain") world.primary.position = "0/9000";
  };
  await run(world);
  world.before = () => {};
  world.standby.position = "0/9000";
  const again = await run(world, { continues: "fo-acme-planned" }, "fo-acme-again");
  expect(again.status).toBe("done");
  expect(recordOf(world, "fo-acme-planned").measured).toMatchObject({
    rpoSeconds: 0,
    rpoMeasuredAt: "0/9000",
  });
});
