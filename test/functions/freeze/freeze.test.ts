import { describe, expect, it } from "vitest";
import type { FreezeCase, Manifest } from "../../../functions/freeze/contract.ts";
import { type FreezeWorld, freeze } from "../../../functions/freeze/freeze.ts";
import type { Locked, TaskSight } from "../../../functions/freeze/ports.ts";
import { FakeClock } from "../../fakes/clock.ts";

const NOW = "2026-11-22T04:00:00.000Z";
const DAY_MS = 86_400_000;
const DAYS = 120;
const SHA = "ab".repeat(32);
const CONTENTS = [
  "; Archive created at 2026-11-22 04:00:00 UTC",
  ";     Dumped from database version: 15.8",
  ";     Dumped by pg_dump version: 17.2 (Debian 17.2-1)",
  "215; 1259 16385 TABLE public orders app",
  "3330; 0 16385 TABLE DATA public orders app",
].join("\n");
const LOCKED: Locked = {
  bytes: 7,
  writtenAt: new Date(NOW),
  retainUntil: new Date(Date.parse(NOW) + DAYS * DAY_MS),
};
const RECEIPT = JSON.stringify({ sha256: SHA, bytes: 7 });

/** A bucket and a cluster in memory; what is given stands for what the task has done. */
function world(
  given: { sight?: TaskSight; receipt?: string; contents?: string; lock?: Locked | undefined } = {},
) {
  const { sight = { state: "under-way" }, receipt, contents = CONTENTS } = given;
  const lock = "lock" in given ? given.lock : LOCKED;
  const begun: { token: string; family: string; environments: unknown }[] = [];
  const manifests = new Map<string, string>();
  const here: FreezeWorld = {
    clock: new FakeClock(NOW),
    retainDays: DAYS,
    tasks: {
      async begin(token, family, environments) {
        if (!begun.some((each) => each.token === token))
          begun.push({ token, family, environments });
        return `task/${token}`;
      },
      look: async () => sight,
    },
    vault: {
      bucket: "frozen",
      keys: async () => [],
      async text(key) {
        if (key.endsWith("receipt.json")) return receipt;
        return key.endsWith("contents.txt") ? contents : manifests.get(key);
      },
      lock: async () => lock,
      async writeOnce(key, manifest) {
        if (manifests.has(key)) return false;
        manifests.set(key, JSON.stringify(manifest));
        return true;
      },
    },
  };
  return { here, begun, manifests };
}

const CASE: FreezeCase = {
  request: { instance: "acme", backup: "sla-acme-1" },
  name: "rt-1",
  endpoint: { host: "restored.example", port: 5432 },
  databaseName: "erp",
  masterUsername: "postgres",
  takenAt: "2026-11-22T03:00:00.000Z",
};
const start = (here: FreezeWorld, more: Partial<FreezeCase> = {}) =>
  freeze(here, { step: "freeze-start", case: { ...CASE, ...more } });
const look = async (here: FreezeWorld) =>
  freeze(here, { step: "freeze-look", case: await start(here) });

describe("a freezing", () => {
  it("begins one task for one restore, however often it is asked, and another for the next", async () => {
    const { here, begun } = world();
    const first = await start(here);
    expect(await start(here)).toEqual(first);
    await start(here, { name: "rt-2" });
    expect(begun.map(({ family }) => family)).toEqual(["sla-freeze", "sla-freeze"]);
    expect(begun[0]?.environments).toEqual({
      dump: {
        ...{ PGHOST: "restored.example", PGPORT: "5432", PGUSER: "postgres", PGDATABASE: "erp" },
        PGSSLMODE: "require",
      },
      upload: { BUCKET: "frozen", FOLDER: `acme/sla-acme-1/${begun[0]?.token}` },
    });
  });

  it("hands on what it was given, and what was frozen", async () => {
    const { here, manifests } = world({ receipt: RECEIPT, sight: { state: "gone" } });
    const current = await start(here, { counts: { "public.orders": 3 } });
    const { attempt } = current.freezing ?? {};
    const done = await freeze(here, { step: "freeze-look", case: current });
    const retainUntil = "2027-03-22T04:00:00.000Z";
    const key = `acme/sla-acme-1/${attempt}/database.dump`;
    expect(done).toEqual({
      ...current,
      frozen: { bucket: "frozen", key, sha256: SHA, bytes: 7, retainUntil },
    });
    const manifest: Manifest = JSON.parse(manifests.get("acme/sla-acme-1/manifest.json") ?? "{}");
    expect(manifest).toMatchObject({
      database: "erp",
      contents: { entries: 2 },
      postgres: { server: "15.8", dumpedBy: "17.2 (Debian 17.2-1)" },
      counts: { "public.orders": 3 },
    });
  });

  describe("of another engine", () => {
    const SQL = [
      "-- MariaDB dump 10.19-11.8.2-MariaDB, for debian-linux-gnu (aarch64)",
      "-- Server version\t10.11.13-MariaDB-log",
      "-- Current Database: `shop`",
      "-- Table structure for table `orders`",
      "-- Dump completed",
    ].join("\n");
    const begin = (here: FreezeWorld, counts: Readonly<Record<string, number>>) =>
      start(here, { engine: "mariadb", counts });

    it("begins the task of that engine, whose client is told where and as whom, and no password", async () => {
      const { here, begun } = world();
      await begin(here, {});
      await start(here, { engine: "mysql", name: "rt-2" });
      expect(begun.map(({ family }) => family)).toEqual(["sla-freeze-mariadb", "sla-freeze-mysql"]);
      expect(begun[0]?.environments).toMatchObject({
        dump: { MYSQL_HOST: "restored.example", MYSQL_TCP_PORT: "5432", MYSQL_USER: "postgres" },
      });
    });

    it("says in its manifest of which it is, and what is in it", async () => {
      const { here, manifests } = world({ receipt: RECEIPT, contents: SQL });
      await freeze(here, {
        step: "freeze-look",
        case: await begin(here, { "`shop`.`orders`": 3 }),
      });
      const manifest: Manifest = JSON.parse(manifests.get("acme/sla-acme-1/manifest.json") ?? "{}");
      expect(manifest).toMatchObject({
        ...{ database: "shop", contents: { entries: 1 }, counts: { "`shop`.`orders`": 3 } },
        mariadb: { server: "10.11.13-MariaDB-log", dumpedBy: "11.8.2-MariaDB" },
      });
      expect(manifest).not.toHaveProperty("postgres");
    });

    it("has failed where a table that was proven is not in it", async () => {
      const { here, manifests } = world({ receipt: RECEIPT, contents: SQL });
      const current = await begin(here, { "`shop`.`orders`": 3, "`shop`.`lines`": 0 });
      await expect(freeze(here, { step: "freeze-look", case: current })).rejects.toMatchObject({
        ...{ name: "FreezeFailed", message: expect.stringMatching(/lacks 1 .*: `shop`.`lines`$/) },
      });
      expect(manifests.size).toBe(0);
    });
  });

  it("waits while its task is under way and has left no receipt", async () => {
    await expect(look(world().here)).rejects.toMatchObject({ name: "NotYet" });
  });

  it("goes by the receipt and not by how the task ended: both containers end at the same moment", async () => {
    const sight = { state: "ended", reason: "upload ended with 143" } as const;
    await expect(look(world({ receipt: RECEIPT, sight }).here)).resolves.toHaveProperty("frozen");
  });

  it("begins no task for a backup that is frozen already", async () => {
    const { here, begun } = world({ receipt: RECEIPT });
    const first = await look(here);
    const again = await start(here, { name: "rt-2" });
    expect(again.freezing).not.toHaveProperty("task");
    expect(begun).toHaveLength(1);
    const second = await freeze(here, { step: "freeze-look", case: again });
    expect("frozen" in first && first.frozen).toEqual("frozen" in second && second.frozen);
  });

  it("leaves the manifest of whoever was first", async () => {
    const { here, manifests } = world({ receipt: RECEIPT });
    const [one, two] = [await start(here), await start(here, { name: "rt-2" })];
    await freeze(here, { step: "freeze-look", case: one });
    const before = [...manifests];
    const late = await freeze(here, { step: "freeze-look", case: two });
    expect([...manifests]).toEqual(before);
    expect(late).toHaveProperty(
      "frozen.key",
      expect.stringContaining(one.freezing?.attempt ?? "?"),
    );
  });

  it.each([
    [
      "ended without a receipt",
      { sight: { state: "ended", reason: "OutOfMemory" } },
      /OutOfMemory/,
    ],
    ["is unknown by now", { sight: { state: "gone" } }, /nobody knows/],
    ["wrote no JSON", { receipt: "oops" }, /no SHA-256/],
    ["hashed nothing", { receipt: '{"sha256":"","bytes":7}' }, /no SHA-256/],
    ["counted nothing", { receipt: `{"sha256":"${SHA}","bytes":0}` }, /without a byte/],
    ["dumped an empty database", { receipt: RECEIPT, contents: "; nothing" }, /finds nothing/],
    ["left no dump", { receipt: RECEIPT, lock: undefined }, /has no bytes, 7 were dumped/],
    ["sent less", { receipt: RECEIPT, lock: { ...LOCKED, bytes: 6 } }, /has 6 bytes, 7 were/],
    [
      "wrote into a bucket that does not lock",
      { receipt: RECEIPT, lock: { bytes: 7, writtenAt: new Date(NOW) } },
      /locked until no time at all, 120 days were sold/,
    ],
    [
      "wrote into a bucket that locks for less",
      {
        receipt: RECEIPT,
        lock: { ...LOCKED, retainUntil: new Date(Date.parse(NOW) + 119 * DAY_MS) },
      },
      /locked until 2027-03-21.*120 days were sold/,
    ],
  ] as const)("has failed if its task %s", async (_what, given, says) => {
    const { here, manifests } = world(given);
    await expect(look(here)).rejects.toMatchObject({
      name: "FreezeFailed",
      message: expect.stringMatching(says),
    });
    expect(manifests.size).toBe(0);
  });

  it("is not looked at before it was begun", async () => {
    const early = freeze(world().here, { step: "freeze-look", case: CASE });
    await expect(early).rejects.toMatchObject({ name: "UnknownStep" });
  });
});
