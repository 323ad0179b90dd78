import { describe, expect, it } from "vitest";
import { FAILOVER_STEPS } from "../../functions/failover/contract.ts";
import type { SqlRequest } from "../../functions/sql/contract.ts";
import { expectOneWriter, expectUntouched, healthyWorld } from "../fakes/engine-worlds.ts";
import { STANDBY, World } from "../fakes/failover-world.ts";
import { reprotect } from "../fakes/reprotect.ts";

const PROMOTED = ["groups of acme-db: sg-2q", "promote acme-db-standby"];

describe.each(["mariadb", "mysql"] as const)("an instance of %s", (engine) => {
  const dead = () => new World({ engine });

  const healthy = () => healthyWorld(engine);

  const planned = (world: World) =>
    world.failover(
      world.request({ trigger: "person", planned: true, firstBadAt: "2026-11-21T10:00:45.000Z" }),
      "fo-acme-planned",
    );

  const detailOf = (world: World, name: string, step: string) => {
    const record = world.ledgers.at(STANDBY).peek<{
      readonly timeline: readonly { readonly step: string; readonly detail: string }[];
    }>(`failovers/acme/${name}/record.json`);
    return record?.timeline.find((each) => each.step === step)?.detail;
  };

  it("goes the whole order, asked in words of its engine only", async () => {
    const world = dead();
    const run = await world.failover();
    expect(run.states).toEqual(["Begin", ...FAILOVER_STEPS.map(({ state }) => state), "Done"]);
    expect(world.databases.changes).toEqual(PROMOTED);
    expect(world.told).toEqual(["failover-started", "failover-done"]);
    expect(world.roles).toMatchObject({ epoch: 2, primary: { region: STANDBY } });
    expect([...world.databases.spoken]).toEqual([engine]);
  });

  it("is the same where every step is taken twice", async () => {
    const world = dead();
    world.twice = true;
    expect((await world.failover()).status).toBe("done");
    expect(world.databases.changes).toEqual(PROMOTED);
    expect(world.standby.proofs).toHaveLength(1);
  });

  it("has one primary that acknowledges, before, in between and after", async () => {
    await expectOneWriter(dead());
  });

  it("halts before anything is touched when its standby is behind the RPO", async () => {
    const world = dead();
    world.standby.beatAt = Date.parse("2026-11-21T09:50:00.000Z");
    const run = await world.failover();
    expect(run).toMatchObject({ status: "halted" });
    expect(JSON.stringify(run)).toContain("HaltBehind");
    expectUntouched(world);
  });

  it("waits for what the standby has received, while it applies, and promotes within the RPO", async () => {
    const world = dead();
    const at = (time: string) => Date.parse(`2026-11-21T${time}.000Z`);
    const beats = { from: at("09:52:00"), to: at("09:59:50") };
    const since = at("10:00:45");
    world.standby.backlog = { since, bytes: 100_000, perSecond: 2000, beats };
    expect((await world.failover()).status).toBe("done");
    expect(world.databases.changes).toEqual(PROMOTED);
  });

  it("halts while the log of its primary still arrives, heartbeats or not", async () => {
    const world = dead();
    const ask = world.databases.ask.bind(world.databases);
    let byte = 9000;
    world.databases.ask = <T>(region: string, request: SqlRequest) => {
      byte += 100;
      world.standby.position = world.standby.place(byte);
      return ask<T>(region, request);
    };
    const run = await world.failover();
    expect(JSON.stringify(run)).toContain("HaltStillAlive");
    expectUntouched(world);
  });

  it("halts where its primary commits, though it says that it follows another server", async () => {
    const world = dead();
    Object.assign(world.primary, { process: "runs", beatAt: undefined });
    world.standby.streams = false;
    world.page = "bad";
    const ask = world.databases.ask.bind(world.databases);
    world.databases.ask = async <T>(region: string, request: SqlRequest) => {
      const result = await ask<T>(region, request);
      const [target] = request.targets;
      const isIts = target?.host === world.primary.host && request.operation === "read";
      return result.ok && isIts
        ? { ...result, value: { ...result.value, inRecovery: true } }
        : result;
    };
    const run = await world.failover();
    expect(JSON.stringify(run)).toContain("HaltStillAlive");
    expectUntouched(world);
  });

  it("says what a promotion loses that was received and is not applied in time", async () => {
    const world = dead();
    world.before = (step) => {
      if (step === "drain") world.standby.undrained = 4096;
    };
    expect((await world.failover(world.request(), "fo-acme-undrained")).status).toBe("done");
    expect(detailOf(world, "fo-acme-undrained", "drain")).toContain(
      "not drained in time, is lost with the promotion: 4096 bytes not replayed",
    );
  });

  it("moves as planned when its standby has applied all, by the file and the byte", async () => {
    const world = healthy();
    world.before = (step) => {
      if (step !== "drain") return;
      world.primary.position = "mysql-bin-changelog.000013:4";
      world.standby.position = "mysql-bin-changelog.000012:99999";
      world.databases.ask = following(world);
    };
    expect((await planned(world)).status).toBe("done");
    expect(detailOf(world, "fo-acme-planned", "drain")).toContain("mysql-bin-changelog.000013:4");
  });

  it("does not move by a position in another server's log", async () => {
    const world = healthy();
    world.standby.position = "other-log.000099:4";
    const run = await planned(world);
    expect(JSON.stringify(run)).toContain("HaltNotDrained");
    expectUntouched(world);
  });

  it("gets a new standby with the parameter group of its engine", async () => {
    const world = dead();
    await world.failover();
    expect((await reprotect(world)).status).toBe("done");
    const group = engine === "mariadb" ? "shops-10-11" : "shops-8-4";
    expect(world.databases.orders).toMatchObject([{ parameterGroup: group }]);
  });
});

/** After some looks the standby has it all. */
function following(world: World): World["databases"]["ask"] {
  const ask = world.databases.ask.bind(world.databases);
  let looks = 0;
  return <T>(region: string, request: SqlRequest) => {
    looks += 1;
    if (looks === 8) world.standby.position = "mysql-bin-changelog.000013:4";
    return ask<T>(region, request);
  };
}
