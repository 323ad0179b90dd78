import { describe, expect, it } from "vitest";
import type { ShelfState } from "../../functions/reconcile/contract.ts";
import type { Plan } from "../../lib/sla/plan.ts";
import { PRESETS } from "../../lib/sla/presets.ts";
import { BackupWorld } from "../fakes/backup-world.ts";
import { fleetOf, instance, QUICK_PLAN } from "../fakes/fleet.ts";

const [HOME, NEAR, FAR] = ["eu-central-2", "eu-central-1", "eu-west-1"] as const;
const PLACES = [HOME, NEAR, FAR];
const HOUR = 60;
const DAY = 24 * HOUR;
const BEGAN = "2026-01-05T09:00:00Z";
const AT = "acme-files";

function world(): BackupWorld {
  const { backups } = PRESETS["binhex"] ?? {};
  const plan: Plan = { ...QUICK_PLAN, ...(backups && { backups }) };
  const acme = instance("acme", { copies: [NEAR, FAR], filestore: `s3://${AT}` });
  const made = new BackupWorld(fleetOf([acme], plan), BEGAN);
  made.filestores.put(AT, "ab/one", "one");
  return made;
}

const shelf = (world: BackupWorld, region: string) =>
  world.ledgers.at(region).peek<ShelfState>(`shelves/${region}.json`);
const told = (world: BackupWorld, region: string) =>
  (shelf(world, region)?.troubles ?? []).flatMap(({ kind, isTold }) => (isTold ? [kind] : []));

describe("files, twice a day", () => {
  it("come to every place with every backup, the database first", async () => {
    const days = world();
    await days.run(2 * DAY, 15);
    days.filestores.put(AT, "cd/two", "two");
    days.filestores.remove(AT, "ab/one");
    await days.run(DAY, 15);
    for (const region of PLACES) {
      const replica = days.replica(region);
      const backups = days.available(region);
      expect(backups).toHaveLength(7);
      expect([...replica.manifests.keys()].toSorted()).toEqual(backups);
      for (const { takenAt, filesAt } of replica.manifests.values()) {
        expect(filesAt >= takenAt).toBe(true);
        // Not hours later, when the copy is there: files may be deleted meanwhile.
        expect(Date.parse(filesAt) - Date.parse(takenAt)).toBeLessThanOrEqual(30 * 60_000);
      }
      expect(replica.restored(backups[0] ?? "")).toEqual({ "ab/one": "one" });
      expect(replica.restored(backups.at(-1) ?? "")).toEqual({ "cd/two": "two" });
      expect(replica.copies).toBe(2);
    }
    expect(days.notices).toEqual([]);
  });

  it("go with the last of their backups, never before", async () => {
    const months = world();
    await months.run(110 * DAY, 360);
    await months.run(HOUR, 15);
    for (const region of PLACES) {
      const held = new Set(PLACES.flatMap((place) => months.available(place)));
      const paired = [...months.replica(region).manifests.keys()];
      expect(paired.length).toBeGreaterThan(10);
      expect(paired.filter((id) => !held.has(id))).toEqual([]);
      const lacking = months.available(region).filter((id) => !paired.includes(id));
      expect(lacking).toEqual([]);
    }
  }, 60_000);

  it("that cannot be read are told after hours, and again when they are there; databases are backed up meanwhile", async () => {
    const night = world();
    night.filestores.refusing.add(AT);
    await night.run(4 * HOUR, 15);
    expect(night.available(HOME)).toHaveLength(1);
    expect(night.notices).toEqual([]);
    await night.run(4 * HOUR, 15);
    expect(night.available(HOME)).toHaveLength(2);
    for (const region of PLACES) {
      expect(told(night, region)).toEqual(["files-late"]);
      expect(shelf(night, region)?.instances["acme"]?.withoutFiles).toEqual(
        night.available(region),
      );
    }
    expect(night.notices[0]?.lines.join("\n")).toMatch(
      /the files of sla-acme-\S+ and 1 more are not there yet/,
    );
    night.filestores.refusing.clear();
    await night.run(HOUR, 15);
    for (const region of PLACES) {
      expect(told(night, region)).toEqual([]);
      expect(shelf(night, region)?.instances["acme"]).not.toHaveProperty("withoutFiles");
    }
    expect(night.notices.filter(({ kind }) => kind === "backups-well")).toHaveLength(3);
  });

  it("that stay away for months leave the last backup that has its files, in every place", async () => {
    const months = world();
    await months.run(2 * DAY, 60);
    const whole = PLACES.map((region) => months.available(region).at(-1));
    months.filestores.refusing.add(AT);
    await months.run(120 * DAY, 720);
    for (const [index, region] of PLACES.entries()) {
      expect(months.available(region)[0]).toBe(whole[index]);
      const lives = months.lives(region, "acme").filter(({ byUs }) => byUs);
      expect(lives.length).toBeGreaterThan(150);
    }
    months.filestores.refusing.clear();
    await months.run(5 * DAY, 60);
    // Where it has stood for its month it goes with that.
    await months.run(40 * DAY, 720);
    for (const [index, region] of PLACES.entries()) {
      expect(months.available(region)).not.toContain(whole[index]);
    }
  }, 60_000);

  it("of which nobody knows what there is keep all backups", async () => {
    const nights = world();
    await nights.run(10 * DAY, 60);
    const before = nights.available(FAR);
    nights.replica(FAR).all = () => Promise.reject(new Error("no answer"));
    await nights.run(30 * DAY, 360);
    expect(nights.available(FAR)).toEqual(expect.arrayContaining([...before]));
    expect(nights.available(HOME)).not.toEqual(expect.arrayContaining([...before]));
  }, 60_000);

  it("that change while they are copied are all there, as they are then", async () => {
    const night = world();
    night.filestores.put(AT, "cd/two", "two");
    night.filestores.meanwhile = () => night.filestores.put(AT, "cd/two", "changed");
    await night.run(HOUR, 15);
    for (const region of PLACES) {
      const [first = ""] = night.available(region);
      expect(night.replica(region).restored(first)).toEqual({
        "ab/one": "one",
        "cd/two": "changed",
      });
    }
  });

  it("stay paired with a backup that a silent place may hold", async () => {
    const days = world();
    await days.run(2 * DAY, 60);
    const [first = ""] = days.available(HOME);
    days.silent.add(FAR);
    days.deleteByHand(HOME, first);
    days.deleteByHand(NEAR, first);
    await days.run(DAY, 60);
    expect([...days.replica(HOME).manifests.keys()]).toContain(first);
    days.silent.clear();
    days.deleteByHand(FAR, first);
    await days.run(DAY, 60);
    expect([...days.replica(HOME).manifests.keys()]).not.toContain(first);
  });

  it("whose function is not there keep no backup from being taken, and the pass says so", async () => {
    const night = world();
    night.replica(HOME).all = () => Promise.reject(new Error("no such bucket"));
    await night.pass(HOME);
    expect(await night.pass(HOME)).toMatchObject({ files: "Error: no such bucket" });
    expect(night.all(HOME)).toHaveLength(1);
  });

  it("are not asked for by plans that do not sell them", async () => {
    const night = world();
    night.sell({ contents: ["database"], schedules: [{ every: "1d", keepNewest: 5 }] });
    await night.run(DAY, 60);
    expect(night.replica(HOME).copies).toBe(0);
  });
});
