import { describe, expect, it } from "vitest";
import type { ShelfState } from "../../functions/reconcile/contract.ts";
import { tagsOf } from "../../lib/sla/backups/catalogue.ts";
import type { Instance } from "../../lib/sla/fleet.ts";
import type { Backups, Plan } from "../../lib/sla/plan.ts";
import { PRESETS } from "../../lib/sla/presets.ts";
import { firstRoles, promotedRoles } from "../../lib/sla/roles.ts";
import { BackupWorld } from "../fakes/backup-world.ts";
import { fleetOf, instance, QUICK_PLAN } from "../fakes/fleet.ts";

const [HOME, NEAR, FAR] = ["eu-central-2", "eu-central-1", "eu-west-1"] as const;
const HOUR = 60;
const DAY = 24 * HOUR;
const BEGAN = "2026-01-05T09:00:00Z";
const MACHINES = { [HOME]: "i-0a1b2c3d", [NEAR]: "Name=acme" };
const ACME = instance("acme", { copies: [FAR], machines: MACHINES });

function world(changes: Partial<Instance> = {}, sold = PRESETS["binhex"]?.backups) {
  const plan: Plan = { ...QUICK_PLAN, ...(sold && { backups: sold }) };
  return new BackupWorld(fleetOf([{ ...ACME, ...changes }], plan), BEGAN);
}

const shelf = (world: BackupWorld, region: string = HOME) =>
  world.ledgers.at(region).peek<ShelfState>(`shelves/${region}.json`);
const told = (world: BackupWorld, region: string = HOME) =>
  (shelf(world, region)?.troubles ?? []).flatMap(({ kind, of, isTold }) =>
    isTold ? [`${kind} of ${of ?? "databases"}`] : [],
  );
const calls = (world: BackupWorld) =>
  world.calls.filter((call) => /^(image|copy-image|deregister) /.test(call));

describe("versions of the complete instance", () => {
  it("are taken at once of the machine at home, and copied beside its backups", async () => {
    const night = world();
    await night.run(3 * HOUR, 15);
    const [first] = night.images.available(HOME);
    expect(first).toBe("sla-acme-20260105t030000z");
    expect(night.images.machinesOf(HOME)).toEqual(["i-0a1b2c3d"]);
    expect(calls(night)).toEqual([`image ${HOME} ${first}`, `copy-image ${FAR} ${first}`]);
    expect(night.images.available(FAR)).toEqual([first]);
    expect(night.images.all(NEAR)).toEqual([]);
    expect(night.notices).toEqual([]);
  });

  it("are five in every place from the fifth day on, never fewer, and no more than the next one needs", async () => {
    const month = world();
    await month.run(6 * DAY, 60);
    for (let hour = 0; hour < 3 * 24; hour += 1) {
      await month.run(HOUR, 60);
      for (const place of [HOME, FAR]) {
        expect(month.images.available(place).length).toBeGreaterThanOrEqual(5);
        expect(month.images.all(place).length).toBeLessThanOrEqual(6);
      }
    }
    expect(month.images.available(FAR)).toEqual(month.images.available(HOME));
    expect(month.notices).toEqual([]);
    expect(shelf(month)?.instances["acme"]?.images).toMatchObject({ available: 5, making: 0 });
  });

  it("say in the ledger what was done and why, apart from backups of databases", async () => {
    const week = world();
    await week.run(8 * DAY, 180);
    const deeds = week.ledgers
      .at(HOME)
      .keys("backups/")
      .flatMap((key) => week.ledgers.at(HOME).peek<{ deeds: object[] }>(key)?.deeds ?? []);
    expect(deeds).toContainEqual({
      ...{ kind: "take-image", id: "sla-acme-20260105t030000z", instance: "acme" },
      ...{ region: HOME, because: "versions: due since 2026-01-05T03:00:00.000Z" },
      answer: "accepted",
    });
    expect(deeds).toContainEqual(
      expect.objectContaining({
        ...{ kind: "delete-image", because: "older than everything the plan keeps" },
      }),
    );
  });

  it("are of the machine where the primary is, after a failover", async () => {
    const night = world();
    await night.run(2 * DAY);
    const roles = firstRoles(night.fleet, ACME, BEGAN);
    night.setRoles(promotedRoles(roles, FAR, new Date(night.nowMs).toISOString(), "test"));
    await night.run(2 * DAY);
    expect(night.images.machinesOf(NEAR)).toEqual(["Name=acme", "Name=acme"]);
    expect(night.images.available(HOME)).toEqual(night.images.available(NEAR));
    expect(night.notices).toEqual([]);
  });

  it("as often as a plan says, and as long as its backups where those are of the instance", async () => {
    const often: Backups = {
      ...{ contents: ["database"], schedules: [{ every: "1d", keep: "7d" }] },
      ...{ instanceVersions: 3, instanceSchedule: { every: "6h" } },
    };
    const quick = world({}, often);
    await quick.run(2 * DAY, 60);
    expect(quick.images.available(HOME)).toHaveLength(3);
    const whole = world({}, PRESETS["cloudworkz"]?.backups);
    await whole.run(10 * DAY, 180);
    expect(whole.images.available(HOME)).toHaveLength(11);
    expect(whole.images.available(HOME)).toEqual(whole.available(HOME));
  });
});

describe("images in trouble", () => {
  it("ask nobody where none are sold, or nobody says of what", async () => {
    const { machines: _, ...nameless } = ACME;
    const plan: Plan = { ...QUICK_PLAN, ...PRESETS["binhex"] };
    const night = new BackupWorld(fleetOf([nameless], plan), BEGAN);
    await night.run(DAY);
    expect(night.calls.filter((call) => call.includes("image"))).toEqual([]);
  });

  it("are told once where no machine is called so, and databases are backed up all the same", async () => {
    const night = world();
    night.images.unknown.add("i-0a1b2c3d");
    await night.run(DAY);
    expect(night.available(HOME).length).toBeGreaterThan(0);
    expect(told(night)).toEqual(["backup-late of images", "refused of images"]);
    const titles = night.notices.map(({ occasion }) => occasion);
    expect(titles).toContain(`images-refused-${HOME}`);
    night.images.unknown.clear();
    await night.run(2 * HOUR, 15);
    expect(told(night)).toEqual([]);
    expect(night.notices.at(-1)?.lines[0]).toMatch(
      /^acme in eu-central-2: no longer .*(EC2|image)/,
    );
  });

  it("say that the fleet names no machine where the primary is", async () => {
    const night = world({ machines: { [HOME]: "i-0a1b2c3d" } });
    await night.run(DAY);
    night.setRoles(
      promotedRoles(firstRoles(night.fleet, ACME, BEGAN), FAR, "2026-01-06T09:00:00Z", "t"),
    );
    await night.run(HOUR);
    expect(told(night, NEAR)).toContain("machine-unnamed of images");
    expect(night.images.available(HOME)).toHaveLength(2);
  });

  it("keep all versions while no new one comes", async () => {
    const night = world();
    await night.run(7 * DAY, 180);
    night.images.unknown.add("i-0a1b2c3d");
    await night.run(30 * DAY, 180);
    expect(night.images.available(HOME)).toHaveLength(5);
    expect(night.images.available(FAR)).toHaveLength(5);
    expect(told(night)).toContain("backups-stopped of images");
  });

  it("copy anew what failed, and keep the original while a copy is stuck", async () => {
    const night = world();
    night.images.failing.add(FAR);
    await night.run(6 * HOUR, 15);
    expect(night.images.available(FAR)).toEqual(night.images.available(HOME));
    const deeds = night.ledgers
      .at(FAR)
      .keys("backups/")
      .flatMap((key) => night.ledgers.at(FAR).peek<{ deeds: object[] }>(key)?.deeds ?? []);
    expect(deeds).toContainEqual(
      expect.objectContaining({ kind: "delete-image", wasNothing: true }),
    );
    night.images.stuck.add(FAR);
    await night.run(9 * DAY, 60);
    expect(night.images.available(HOME).length).toBeGreaterThan(5);
    expect(told(night, FAR)).toContain("copy-late of images");
  });

  it("leave alone what has lost its tags, is held, or belongs to nobody of the fleet", async () => {
    const night = world();
    await night.run(2 * DAY, 60);
    const [first = "", second = ""] = night.images.available(HOME);
    night.images.tag(HOME, first, {});
    night.images.tag(HOME, second, { ...night.images.tagsOf(HOME, second), "sla:hold": "audit" });
    const tickMs = Date.parse("2026-01-01T03:00:00Z");
    const stranger = "sla-oak-20260101t030000z";
    night.images.put(HOME, stranger, tagsOf({ instance: "oak", schedules: ["versions"], tickMs }));
    await night.run(10 * DAY, 180);
    for (const id of [first, second, stranger]) expect(night.images.all(HOME)).toContain(id);
    expect(told(night)).toEqual(
      expect.arrayContaining(["tags-lost of images", "stranger of images"]),
    );
    expect(night.images.tagsOf(HOME, first)).toEqual({});
  });

  it("go on where EC2 of a place is silent, and delete nothing that it may lack", async () => {
    const night = world();
    await night.run(6 * DAY, 60);
    night.silent.add(FAR);
    await night.run(2 * DAY, 60);
    expect(told(night)).toContain("place-silent of images");
    expect(night.images.available(HOME).length).toBeGreaterThanOrEqual(5);
  });
});
