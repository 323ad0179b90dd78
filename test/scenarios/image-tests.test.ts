import { describe, expect, it } from "vitest";
import { TAGS } from "../../lib/sla/backups/catalogue.ts";
import { BootWorld, DISKS, IMAGE, NETWORK, REGION, TEST } from "../fakes/boot-world.ts";

const HOUR_MS = 3_600_000;

describe("a test of an image", () => {
  it("starts a machine of it, sees it come up, ends it and says that the image is one", async () => {
    const world = new BootWorld();
    expect((await world.run()).status).toBe("done");
    expect([...world.machines.keys()]).toEqual(["i-1"]);
    expect(world.running()).toEqual([]);
    const record = world.record();
    expect(record).toMatchObject({
      ...{ instance: "acme", test: TEST, image: IMAGE, region: REGION, trigger: "schedule" },
      ...{ ok: true, machine: "i-1", takenAt: "2026-11-21T03:00:00.000Z", bootSeconds: 60 },
    });
    expect(record.failure).toBeUndefined();
    expect(world.tags?.[TAGS.tested]).toBe("2026-11-21T10:00:00.000Z");
    expect(world.tags?.[TAGS.verified]).toBe(record.endedAt);
    expect(world.tags?.[TAGS.refuted]).toBeUndefined();
  });

  it("asks for a machine in the sealed network, small, whose disks all go with it", async () => {
    const world = new BootWorld();
    await world.run();
    const [made] = world.machines.values();
    expect(made?.order).toEqual({
      ...{ ami: "ami-1", architecture: "x86_64", disks: DISKS },
      ...{ type: "t3.medium", subnet: NETWORK.subnet, group: NETWORK.securityGroup },
      token: expect.stringMatching(/^[0-9a-f]{64}$/),
      tags: { "sla:restore-test": TEST, "sla:until": "2026-11-21T14:00:00.000Z" },
    });
  });

  it("of arm64 takes a machine of that kind", async () => {
    const world = new BootWorld();
    world.architecture = "arm64";
    await world.run();
    expect([...world.machines.values()][0]?.order.type).toBe("t4g.medium");
  });

  it("comes to the same if every answer gets lost once", async () => {
    const world = new BootWorld();
    world.twice = true;
    expect((await world.run()).status).toBe("done");
    expect([...world.machines.keys()]).toEqual(["i-1"]);
    expect(world.running()).toEqual([]);
    expect(world.record().ok).toBe(true);
  });

  it.each(
    ["pick", "launch", "comes-up", "terminate", "record"].flatMap((at) =>
      (["before", "after"] as const).map((when) => ({ at, when })),
    ),
  )(
    "whose process is killed $when $at goes on, starts one machine and leaves none",
    async (killed) => {
      const world = new BootWorld();
      world.killed = killed;
      const { status, states } = await world.run();
      expect(status).toBe("done");
      expect(states.filter((state) => state.endsWith("Later")).length).toBeGreaterThan(0);
      expect(world.killed).toBeUndefined();
      expect([...world.machines.keys()]).toEqual(["i-1"]);
      expect(world.running()).toEqual([]);
      expect(world.record().ok).toBe(true);
    },
  );

  it("waits where EC2 has no room now", async () => {
    const world = new BootWorld();
    world.answers.push({ later: "InsufficientInstanceCapacity" }, { later: "VcpuLimitExceeded" });
    expect((await world.run()).status).toBe("done");
    expect(world.record().ok).toBe(true);
  });

  it("waits for a machine that is slow, and whose check fails meanwhile", async () => {
    const world = new BootWorld();
    const slow = Array.from({ length: 60 }, () => ["ok", "impaired"] as const);
    world.health = [...slow, ["ok", "ok"]];
    expect((await world.run()).status).toBe("done");
    expect(world.record().bootSeconds).toBe(1800);
  });
});

describe("an image that is none", () => {
  const wrong: readonly (readonly [string, (world: BootWorld) => void, RegExp])[] = [
    ["never comes up", (world) => (world.health = [["ok", "impaired"]]), /of itself: impaired$/],
    [
      "shuts itself down",
      (world) => {
        world.health = [["initializing", "initializing"]];
        world.endsAfter = { looks: 3, reason: "Instance initiated shutdown" };
      },
      /^i-1 is terminated: Instance initiated shutdown$/,
    ],
    [
      "is refused by EC2",
      (world) => world.answers.push({ refused: "InvalidParameterValue: needs ENA" }),
      /needs ENA/,
    ],
    [
      "finds no room for two hours",
      (world) => world.answers.push(...Array.from({ length: 999 }, () => ({ later: "no room" }))),
      /^given up: no room$/,
    ],
    [
      "is of an architecture that nobody knows",
      (world) => (world.architecture = "arm64_mac"),
      /arm64_mac: expected x86_64, arm64/,
    ],
  ];
  it.each(wrong)("because it %s is told so, and no machine is left", async (_, change, said) => {
    const world = new BootWorld();
    change(world);
    const began = world.clock.now().getTime();
    expect((await world.run()).status).toBe("halted");
    expect(world.clock.now().getTime() - began).toBeLessThan(3 * HOUR_MS);
    expect(world.running()).toEqual([]);
    expect(world.record()).toMatchObject({ ok: false });
    expect(world.record().failure?.message).toMatch(said);
    expect(world.tags?.[TAGS.refuted]).toBe(world.record().endedAt);
    expect(world.tags?.[TAGS.verified]).toBeUndefined();
  });

  it("that is not there, or not ours, or not ready, is not started", async () => {
    for (const change of [
      (world: BootWorld) => (world.tags = undefined),
      (world: BootWorld) => (world.tags = {}),
      (world: BootWorld) => (world.status = "pending"),
    ]) {
      const world = new BootWorld();
      change(world);
      expect((await world.run()).status).toBe("halted");
      expect(world.record().failure?.code).toBe("BackupUnfit");
      expect(world.machines.size).toBe(0);
    }
  });
});

describe("a machine of a customer's is started nowhere", () => {
  it.each<[string, (world: BootWorld) => void, RegExp]>([
    [
      "that lets anything out",
      (world) => (world.openings = ["out to 0.0.0.0/0"]),
      /^sg-0sealed in eu-central-1 has to be without rules: it has out to 0\.0\.0\.0\/0$/,
    ],
    ["that is not there", (world) => (world.openings = undefined), /no security group sg-0sealed/],
    [
      "that the fleet does not name",
      (world) => {
        for (const site of Object.values(world.fleet.sites)) {
          Object.assign(site, { imageTests: undefined });
        }
      },
      /names no imageTests network/,
    ],
  ])("%s", async (_what, change, said) => {
    const world = new BootWorld();
    change(world);
    expect((await world.run()).status).toBe("halted");
    expect(world.machines.size).toBe(0);
    expect(world.record().failure?.message).toMatch(said);
  });
});

describe("what a crash has left", () => {
  it("is ended by whoever looks later, and nothing that is younger or somebody else's", async () => {
    const world = new BootWorld();
    world.lingers = 0;
    world.refusedTerminations.push(...refusals("no"));
    expect((await world.run()).status).toBe("halted");
    expect(world.running()).toEqual(["i-1"]);
    const [left] = world.machines.values();
    if (!left) throw new Error("it is there");
    world.machines.set("i-9", { ...left, machine: "i-9", tags: { Name: "acme" } });
    expect(await world.reap()).toEqual([]);
    await world.clock.wait(5 * 3600);
    expect(await world.reap()).toEqual(["i-1"]);
    await world.reap();
    expect(world.running()).toEqual(["i-9"]);
  });

  it("is ended though another cannot be, and that is told", async () => {
    const world = new BootWorld();
    world.lingers = 0;
    world.refusedTerminations.push(...refusals("once", "again"));
    await world.run();
    const [left] = world.machines.values();
    if (!left) throw new Error("it is there");
    world.machines.set("i-2", { ...left, machine: "i-2" });
    await world.clock.wait(5 * 3600);
    await expect(world.reap()).rejects.toThrow("again");
    expect(await world.reap()).toEqual(["i-1"]);
  });

  it("is not hindered by one that EC2 does not end", async () => {
    const world = new BootWorld();
    world.lingers = 3;
    expect((await world.run()).status).toBe("done");
    expect(world.running()).toEqual([]);
  });
});

const refusals = (...words: readonly string[]) =>
  words.map((word) => Object.assign(new Error(word), { name: "AccessDenied" }));
