import { describe, expect, it } from "vitest";
import { keys } from "../../functions/ledger/contract.ts";
import { TAGS } from "../../lib/sla/backups/catalogue.ts";
import type { Plan } from "../../lib/sla/plan.ts";
import { odoo } from "../../lib/sla/presets/odoo.ts";
import { BACKUP, content, FROZEN, RestoreWorld, testDatabases } from "../fakes/restore-world.ts";

const DATABASE = "sla-test-acme-261121100000";

describe("a restore test", () => {
  it("restores into quarantine, proves what came back, deletes it and says that the backup is one", async () => {
    const world = new RestoreWorld();
    const run = await world.run();
    expect(run.status).toBe("done");
    expect(testDatabases(world)).toEqual([]);
    const record = world.record();
    expect(record).toMatchObject({ ok: true, backup: BACKUP, region: "eu-central-1", rows: 10 });
    expect(record.checks.map(({ ok }) => ok)).toEqual([true, true, true, true, true]);
    expect(record.checks[0]?.found).toBe("30 s before it");
    expect(world.tags?.[TAGS.tested]).toBe("2026-11-21T10:00:00.000Z");
    expect(world.tags?.[TAGS.verified]).toBe(record.endedAt);
    expect(world.tags?.[TAGS.refuted]).toBeUndefined();
  });

  it("asks for a database that nobody but us reaches and that keeps nothing", async () => {
    const world = new RestoreWorld();
    world.refusedDeletions.push(Object.assign(new Error("no"), { name: "AccessDenied" }));
    await world.run();
    const [made] = world.databases.values();
    expect(made?.opened).toBe(true);
    expect(made?.order).toMatchObject({
      ...{ database: DATABASE, backup: BACKUP, subnetGroup: "sla-restore" },
      groups: [world.fleet.sites["eu-central-1"]?.quarantineGroup],
    });
  });

  it("asks for a MariaDB with its own parameter group, in its own words", async () => {
    const world = new RestoreWorld("mariadb");
    world.refusedDeletions.push(Object.assign(new Error("no"), { name: "AccessDenied" }));
    await world.run();
    const [made] = world.databases.values();
    expect(made?.order.parameterGroup).toBe("shops-10-11");
    expect(world.asked[0]?.target.engine).toBe("mariadb");
    const ungrouped = new RestoreWorld("mariadb");
    for (const site of Object.values(ungrouped.fleet.sites)) {
      Object.assign(site, { parameterGroups: {} });
    }
    await ungrouped.run();
    expect(ungrouped.record().failure).toMatchObject({
      ...{
        code: "RestoreRefused",
        message: expect.stringMatching(/no parameter group of mariadb/),
      },
    });
  });

  it("comes to the same if every answer gets lost once", async () => {
    const world = new RestoreWorld();
    world.twice = true;
    expect((await world.run()).status).toBe("done");
    expect(testDatabases(world)).toEqual([]);
    expect(world.record().ok).toBe(true);
  });

  it("reads while RDS still fills the volume, which takes it hours", async () => {
    for (const status of ["storage-initialization", "storage-optimization"]) {
      const world = new RestoreWorld();
      world.statuses = ["creating", status];
      expect((await world.run()).status).toBe("done");
      expect(world.record().restoreSeconds).toBeLessThan(600);
    }
  });

  it("reads a large database part by part and forgets none", async () => {
    const world = new RestoreWorld();
    const cursor = (table: string) => ({ table, block: 9, rows: 1, problems: [] });
    const table = (name: string, rows: number) => ({ table: name, rows, problems: [] });
    world.parts = [
      content({ tables: [table("a.a", 1)], next: cursor("a.b") }),
      { tables: [table("a.b", 20)], unchecked: [], indexes: 1, next: cursor("a.c") },
      { tables: [table("a.c", 300)], unchecked: [], indexes: 1 },
    ];
    await world.run();
    expect(world.record()).toMatchObject({ ok: true, tables: 3, rows: 321 });
    expect(world.asked.map(({ from }) => from?.table)).toEqual([undefined, "a.b", "a.c"]);
  });

  it("goes on with its new password once that is in force", async () => {
    const world = new RestoreWorld();
    const failure = { kind: "refused", code: "28P01", message: "wrong password" } as const;
    world.failures.push({ instance: "acme", ok: false, failure });
    expect((await world.run()).status).toBe("done");
  });
});

describe("a backup that is none", () => {
  const wrong: readonly (readonly [string, (world: RestoreWorld) => void, RegExp])[] = [
    [
      "has lost its rows",
      (world) => (world.figures = figures({ rows: { "a.b": 90_000 } })),
      /a\.b: 10 of 90000/,
    ],
    [
      "lacks a table",
      (world) => (world.figures = figures({ rows: { "a.c": 5000 } })),
      /a\.c: 0 of 5000/,
    ],
    [
      "lacks all rows of a small table",
      (world) => (world.figures = figures({ rows: { "a.b": 10, "a.c": 101 } })),
      /a\.c: 0 of 101/,
    ],
    [
      "lacks a third of all rows",
      (world) => {
        world.figures = figures({ rows: { "a.b": 9000, "a.c": 9000 } });
        const rows = (table: string) => ({ table, rows: 6000, problems: [] });
        world.parts = [content({ tables: [rows("a.b"), rows("a.c")] })];
      },
      /all tables together: 12000 of 18000/,
    ],
    [
      "has another schema",
      (world) => (world.figures = figures({ schema: "s2" })),
      /not those of the primary/,
    ],
    [
      "is damaged",
      (world) =>
        (world.parts = [
          content({ tables: [{ table: "a.b", rows: 9, problems: ["block 3: xmin"] }] }),
        ]),
      /a\.b: block 3: xmin/,
    ],
    [
      "has no heartbeat",
      (world) =>
        (world.parts = [
          content({ head: { at: "2026-11-21T10:02:00Z", version: "15", schema: "s1" } }),
        ]),
      /there is none in it/,
    ],
    [
      "is older than it says",
      (world) =>
        (world.parts = [
          content({
            head: {
              at: "2026-11-21T10:02:00Z",
              beat: { at: "2026-11-20T03:00:00Z", sequence: 1 },
              version: "15",
              schema: "s1",
            },
          }),
        ]),
      /86400 s before it/,
    ],
    [
      "lets nobody in",
      (world) =>
        world.failures.push({
          instance: "acme",
          ok: false,
          failure: { kind: "refused", code: "3D000", message: "no such database" },
        }),
      /3D000 no such database/,
    ],
    [
      "comes up broken",
      (world) => (world.statuses = ["creating", "incompatible-restore"]),
      /is incompatible-restore/,
    ],
    [
      "finds no machine for it",
      (world) => (world.statuses = ["creating", "insufficient-capacity"]),
      /is insufficient-capacity/,
    ],
    [
      "cannot be restored",
      (world) => (world.statuses = ["creating", "restore-error"]),
      /is restore-error/,
    ],
    [
      "is refused by RDS",
      (world) => world.answers.push({ refused: "InstanceQuotaExceeded: 40" }),
      /InstanceQuotaExceeded/,
    ],
  ];
  it.each(wrong)("because it %s is told so, and nothing of it is left", async (_, change, said) => {
    const world = new RestoreWorld();
    change(world);
    const began = world.clock.now().getTime();
    const run = await world.run();
    expect(run.status).toBe("halted");
    expect(world.clock.now().getTime() - began).toBeLessThan(3_600_000);
    expect(testDatabases(world)).toEqual([]);
    expect(world.record().ok).toBe(false);
    expect(world.record().failure?.message).toMatch(said);
    expect(world.tags?.[TAGS.refuted]).toBe(world.record().endedAt);
    expect(world.tags?.[TAGS.verified]).toBeUndefined();
  });

  it("that is not there, or not ours, or not ready, is not restored", async () => {
    for (const change of [
      (world: RestoreWorld) => (world.tags = undefined),
      (world: RestoreWorld) => (world.tags = {}),
      (world: RestoreWorld) => (world.status = "creating"),
    ]) {
      const world = new RestoreWorld();
      change(world);
      expect((await world.run()).status).toBe("halted");
      expect(world.record().failure?.code).toBe("BackupUnfit");
      expect(world.databases.size).toBe(0);
    }
  });

  it("that hangs is given up within a working day, and deleted", async () => {
    const world = new RestoreWorld();
    world.statuses = ["creating"];
    const began = world.clock.now().getTime();
    expect((await world.run()).status).toBe("halted");
    expect(world.record().failure?.code).toBe("RestoreTimedOut");
    expect(world.clock.now().getTime() - began).toBeLessThan(9 * 3_600_000);
    expect(testDatabases(world)).toEqual([]);
  });
});

describe("a frozen copy", () => {
  it.each([
    ["is made where somebody waits for a dump", ["fresh"], true],
    ["is not made of what was taken by schedule", ["daily"], false],
  ])("of an instance that was sold downloads alone %s", async (_what, schedules, isMade) => {
    const world = new RestoreWorld();
    world.freezing = "well";
    world.sold = { downloads: "any-time", backups: odoo.backups } as Partial<Plan>;
    world.tags = { ...world.tags, "sla:schedules": schedules.join(" / ") };
    await world.run();
    expect(world.record()).toMatchObject({ ok: true });
    expect(world.frozen.length > 0).toBe(isMade);
  });

  it("is made of what was proven, before it is thrown away", async () => {
    const world = new RestoreWorld();
    world.freezing = "well";
    const run = await world.run();
    expect(run.status).toBe("done");
    expect(run.states.indexOf("FreezeLook")).toBeLessThan(run.states.indexOf("Discard"));
    expect(world.record()).toMatchObject({ ok: true, frozen: FROZEN });
    expect(testDatabases(world)).toEqual([]);
  });

  it.each([["mariadb"], ["mysql"], [undefined]] as const)(
    "is of its engine: %s",
    async (engine) => {
      const world = new RestoreWorld(engine);
      world.freezing = "well";
      await world.run();
      expect([world.record().ok, world.frozenEngine]).toEqual([true, engine]);
    },
  );

  it("that could not be made is told, and the backup is proven all the same", async () => {
    const world = new RestoreWorld();
    world.freezing = "badly";
    expect((await world.run()).status).toBe("halted");
    const { failure, endedAt } = world.record();
    expect(failure?.code).toBe("FreezeFailed");
    expect(world.tags?.[TAGS.refuted]).toBe(endedAt);
    expect(Date.parse(world.tags?.[TAGS.verified] ?? "")).toBeLessThan(Date.parse(endedAt));
    expect(testDatabases(world)).toEqual([]);
  });

  it("is made of nothing that is not proven, nor where none is sold", async () => {
    const bad = new RestoreWorld();
    bad.freezing = "well";
    bad.figures = figures({ schema: "s2" });
    await bad.run();
    expect(bad.frozen).toEqual([]);
    const plain = new RestoreWorld();
    expect((await plain.run()).states).not.toContain("FreezeStart");
  });
});

it("says of which other databases on the server it proves nothing", async () => {
  const world = new RestoreWorld();
  const { head } = content();
  if (!head) throw new Error("the first part has no head");
  world.parts = [content({ head: { ...head, others: ["crm", "shop"] } })];
  await world.run();
  expect(world.record().ok).toBe(true);
  expect(world.record().checks.at(-1)?.found).toBe(
    "all of them; not of other databases on its server: crm; shop",
  );
});

describe("the same backup restored in two places", () => {
  const OTHER = "eu-central-2";
  const table = (name: string, rows: number, sum?: string) => ({
    ...{ table: name, rows, problems: [] },
    ...(sum !== undefined && { sum }),
  });
  type Tables = ReturnType<typeof table>[];

  async function tested(here: Tables, there: Tables, change: object = {}) {
    const world = new RestoreWorld();
    world.figures = undefined;
    world.parts = [content({ tables: here })];
    const test = `rt-20261120-${BACKUP}`;
    const ledger = world.ledgers.at(OTHER);
    const record = { instance: "acme", backup: BACKUP, test, region: OTHER, ok: true };
    ledger.put(keys.restore("acme", test, "record"), {
      ...{ ...record, endedAt: "2026-11-20T12:00:00.000Z" },
      ...change,
    });
    ledger.put(keys.restore("acme", test, "content-1"), {
      ...{ tables: there, unchecked: [], indexes: 0, at: "2026-11-20T11:00:00.000Z" },
    });
    await world.run();
    const check = world.record().checks.find(({ name }) => name.includes(OTHER));
    return { world, record: world.record(), check };
  }

  it("is proven if all its rows are the same, value by value", async () => {
    const all = [table("a.b", 9, "12"), table("a.c", 0, "0")];
    const { record, check, world } = await tested(all, all);
    expect(record.ok).toBe(true);
    expect(check).toEqual({
      ...{ name: `its rows are those of the same backup in ${OTHER}`, ok: true },
      found: "2 of 2 tables compared value by value",
    });
    expect(world.asked.every(({ sums }) => sums)).toBe(true);
  });

  it.each<[string, Tables, Tables, string]>([
    [
      "a value",
      [table("a.b", 9, "12")],
      [table("a.b", 9, "13")],
      "a.b: the same number of rows with other values",
    ],
    ["a row", [table("a.b", 9)], [table("a.b", 8)], "a.b: 9 rows, there 8"],
    ["a table", [table("a.b", 9)], [table("a.b", 9), table("a.c", 1)], "a.c: only there"],
    ["another table", [table("a.b", 9), table("a.c", 1)], [table("a.b", 9)], "a.c: not there"],
  ])("is refuted if %s differs", async (_what, here, there, found) => {
    const { record, check } = await tested(here, there);
    expect(check).toMatchObject({ ok: false, found });
    expect(record).toMatchObject({ ok: false, failure: { code: "NotProven" } });
  });

  it("is summed up no further once it has been read for two hours", async () => {
    const world = new RestoreWorld();
    world.figures = undefined;
    const next = (part: number) => ({
      next: { table: `a.t${part}`, block: 9, rows: 1, problems: [] },
    });
    world.parts = [
      content({ tables: [], ...next(0) }),
      ...Array.from({ length: 800 }, (_, part) => ({
        ...{ tables: [], unchecked: [], indexes: 0 },
        ...next(part + 1),
      })),
      { tables: [table("a.b", 9)], unchecked: [], indexes: 0 },
    ];
    await world.run();
    expect(world.record().ok).toBe(true);
    expect(world.asked[700]?.sums).toBe(true);
    expect(world.asked.at(-1)).not.toHaveProperty("sums");
  });

  it("is compared as far as both were summed up", async () => {
    const { check } = await tested(
      [table("a.b", 9, "1"), table("a.c", 2)],
      [table("a.b", 9, "1"), table("a.c", 2, "5")],
    );
    expect(check).toMatchObject({ ok: true, found: "1 of 2 tables compared value by value" });
  });

  it("is not compared with what was not proven, nor with another backup", async () => {
    const [here, there] = [[table("a.b", 9, "1")], [table("a.b", 9, "2")]];
    for (const change of [{ ok: false }, { backup: "sla-acme-20261119t030000z" }]) {
      const { check, record } = await tested(here, there, change);
      expect(check).toBeUndefined();
      expect(record.ok).toBe(true);
    }
  });
});

describe("a table whose rows nobody can count", () => {
  const unread = { because: "permission denied for table b", isOfExtension: false };
  const of = (isOfExtension: boolean) => {
    const world = new RestoreWorld();
    const table = { table: "a.b", rows: 0, problems: [], unread: { ...unread, isOfExtension } };
    world.parts = [content({ tables: [table] })];
    world.figures = figures({ rows: { "a.b": 90_000 } });
    return world;
  };

  it("is no proof, and the record names it and why, and no rows are called lost", async () => {
    const world = of(false);
    await world.run();
    const { ok, checks, failure } = world.record();
    expect(ok).toBe(false);
    expect(failure?.message).toContain("a.b: permission denied for table b");
    expect(checks.filter((each) => !each.ok).map(({ name }) => name)).toEqual([
      "the rows of every table can be counted",
    ]);
  });

  it("hinders no proof where it is RDS's own", async () => {
    const world = of(true);
    await world.run();
    expect(world.record().ok).toBe(true);
    expect(world.record().checks.at(-1)?.found).toContain("permission denied");
  });
});

describe("what nobody could ask the primary at the time of the backup", () => {
  it("is not compared, and the record says so", async () => {
    const world = new RestoreWorld();
    world.figures = undefined;
    await world.run();
    expect(world.record().ok).toBe(true);
    expect(world.record().checks[3]?.found).toContain("not compared");
  });

  it("is not asked of a region that is lost", async () => {
    const world = new RestoreWorld();
    world.ledgers.at("eu-central-2").reachable = false;
    expect((await world.run()).status).toBe("done");
    expect(world.record().checks[2]?.found).toContain("not compared");
  });
});

describe("what a crash leaves", () => {
  it("is deleted by the next hour's look, and nothing else is", async () => {
    const world = new RestoreWorld();
    world.refusedDeletions.push(Object.assign(new Error("no"), { name: "AccessDenied" }));
    await world.run();
    expect(testDatabases(world)).toEqual([DATABASE]);
    const [ours] = world.databases.values();
    if (!ours) throw new Error("nothing was left");
    const order = { ...ours.order, tags: {} };
    world.databases.set("sla-test-of-a-customer", { ...ours, order });
    expect(await world.reap()).toEqual([]);
    await world.clock.wait(11 * 3600);
    world.databases.set(`${DATABASE}-2`, { ...ours });
    world.refusedDeletions.push(new Error("not this one"));
    await expect(world.reap()).rejects.toThrow("not this one");
    expect(await world.reap()).toEqual([DATABASE]);
  });
});

const figures = (change: { rows?: Record<string, number>; schema?: string }) => ({
  ...{ at: "2026-11-21T02:59:58Z", schema: "s1", rows: {} },
  ...change,
});
