import { describe, expect, it } from "vitest";
import type { ShelfState } from "../../functions/reconcile/contract.ts";
import { TAGS } from "../../lib/sla/backups/catalogue.ts";
import { checkHistory } from "../../lib/sla/backups/check-history.ts";
import type { Backups, Plan } from "../../lib/sla/plan.ts";
import { PRESETS } from "../../lib/sla/presets.ts";
import { firstRoles, promotedRoles } from "../../lib/sla/roles.ts";
import { BackupWorld } from "../fakes/backup-world.ts";
import { fleetOf, instance, QUICK_PLAN } from "../fakes/fleet.ts";

const [HOME, NEAR, FAR] = ["eu-central-2", "eu-central-1", "eu-west-1"] as const;
const HOUR = 60;
const DAY = 24 * HOUR;
const BEGAN = "2026-01-05T09:00:00Z";

const planned = (backups: Backups | undefined): Plan => ({
  ...QUICK_PLAN,
  ...(backups && { backups }),
});
const ACME = instance("acme", { copies: [NEAR, FAR] });

function world(instances = [ACME], backups = PRESETS["odoo"]?.backups, from = BEGAN) {
  return new BackupWorld(fleetOf(instances, planned(backups)), from);
}

/** Those that people have heard of. */
const troubles = (world: BackupWorld, region: string = HOME) =>
  (world.ledgers.at(region).peek<ShelfState>(`shelves/${region}.json`)?.troubles ?? []).flatMap(
    ({ kind, isTold }) => (isTold ? [kind] : []),
  );

describe("backups from day to day", () => {
  it("are taken at once, and copied to every place from the original", async () => {
    const night = world();
    await night.run(120, 15);
    const [first] = night.available(HOME);
    expect(first).toBe("sla-acme-20260105t030000z");
    expect(night.available(NEAR)).toEqual([first]);
    expect(night.available(FAR)).toEqual([first]);
    expect(night.calls.filter((call) => /^(create|copy|delete)/.test(call))).toEqual([
      `create ${HOME} ${first}`,
      `copy ${NEAR} ${first}`,
      `copy ${FAR} ${first}`,
    ]);
    expect(night.notices).toEqual([]);
  });

  it("keep the sentence in every place for months, and no more than that needs", async () => {
    const year = world();
    await year.run(130 * DAY, 180);
    const rotation = PRESETS["odoo"]?.backups?.rotation;
    if (!rotation) throw new Error("odoo has a rotation");
    for (const region of [HOME, NEAR, FAR]) {
      const observed = { beganMs: Date.parse(BEGAN), untilMs: year.nowMs };
      const lives = year.lives(region, "acme");
      const found = checkHistory({ ...rotation, timezone: "Europe/Zurich" }, lives, observed);
      // A copy arrives a day's first hours after its original: nothing else is amiss.
      expect(found.violations.filter(({ avoidable }) => avoidable)).toEqual([]);
      expect(found.clauses.map(({ name, ok }) => [name, ok])).toContainEqual(["count", true]);
      expect(year.available(region).length).toBeLessThanOrEqual(17);
    }
    expect(year.notices).toEqual([]);
  });

  it("say in the ledger what was done and why", async () => {
    const days = world();
    await days.run(40 * DAY, 180);
    const deeds = days.ledgers
      .at(HOME)
      .keys("backups/")
      .flatMap((key) => days.ledgers.at(HOME).peek<{ deeds: object[] }>(key)?.deeds ?? []);
    expect(deeds[0]).toEqual({
      kind: "take",
      id: "sla-acme-20260105t030000z",
      instance: "acme",
      region: HOME,
      because: "daily: due since 2026-01-05T03:00:00.000Z",
      answer: "accepted",
    });
    expect(deeds).toContainEqual(
      expect.objectContaining({
        kind: "delete",
        because: expect.stringMatching(/^week 2026-W\d\d has sla-acme-/),
      }),
    );
  });

  it("are taken where the primary is after a failover, and stay where they were", async () => {
    const night = world();
    await night.run(2 * DAY);
    const roles = firstRoles(night.fleet, ACME, BEGAN);
    const at = new Date(night.nowMs).toISOString();
    night.setRoles(promotedRoles(roles, FAR, at, "test"));
    await night.run(2 * DAY);
    const taken = night.calls.filter((call) => call.startsWith("create"));
    expect(taken.map((call) => call.split(" ")[1])).toEqual([HOME, HOME, HOME, NEAR, NEAR]);
    for (const region of [HOME, NEAR, FAR]) expect(night.available(region)).toHaveLength(5);
  });
});

describe("backups in trouble", () => {
  it("are made up as soon as the database lets itself be backed up again", async () => {
    const night = world();
    await night.run(DAY / 2);
    night.unavailable.add("acme-db");
    await night.run(DAY);
    expect(night.available(HOME)).toHaveLength(1);
    expect(troubles(night)).toEqual(["backup-late"]);
    night.unavailable.clear();
    await night.run(60, 15);
    expect(night.available(HOME)).toHaveLength(2);
    expect(night.notices.map(({ kind }) => kind)).toEqual(["backups-troubled", "backups-well"]);
  });

  it("keep the original while a copy is stuck, and say so", async () => {
    const night = world();
    await night.run(DAY);
    night.stuck.add(FAR);
    await night.run(30 * DAY, 180);
    expect(night.available(HOME)).toHaveLength(31);
    expect(troubles(night, FAR)).toEqual(["copy-late"]);
    night.loosen();
    await night.run(DAY, 15);
    // More than a rotation would delete at once: a person is asked.
    expect(troubles(night)).toEqual(["deletions-held"]);
    expect(troubles(night, FAR)).toEqual(["deletions-held"]);
    const leave = { instance: "acme", deletions: 30, reason: "caught up", until: "2027-01-01" };
    night.ledgers.at(HOME).put("prunes/acme.json", leave);
    await night.run(60, 15);
    expect(night.available(HOME).length).toBeLessThan(20);
  });

  it("copy anew what failed or was deleted by hand, once the wreck is out of the way", async () => {
    const night = world();
    night.failing.add(NEAR);
    await night.run(DAY / 2);
    const [first = ""] = night.available(HOME);
    expect(night.available(NEAR)).toEqual([first]);
    night.deleteByHand(FAR, first);
    await night.run(180, 15);
    expect(night.available(FAR)).toContain(first);
  });

  it("copy from a copy where the original is gone, and say that it is a full one", async () => {
    const night = world();
    await night.run(120, 15);
    const [first = ""] = night.available(HOME);
    night.deleteByHand(HOME, first);
    night.deleteByHand(FAR, first);
    await night.run(180, 15);
    expect(night.available(HOME)).toEqual([first]);
    expect(night.available(FAR)).toEqual([first]);
  });

  it("never delete what is held, not ours, verified last, or the newest under its key", async () => {
    const night = world();
    night.put(HOME, "by-hand", {});
    await night.run(2 * DAY);
    const [held = "", verified = ""] = night.available(HOME).filter((id) => id !== "by-hand");
    night.tag(HOME, held, { [TAGS.hold]: "court order" });
    // Later than any test that follows: it stays the last.
    night.tag(HOME, verified, { [TAGS.verified]: "2026-12-31T00:00:00Z" });
    await night.run(110 * DAY, 360);
    expect(night.all(HOME)).toEqual(expect.arrayContaining(["by-hand", held, verified]));
    const deleted = [held, verified].map((id) => `delete ${HOME} ${id}`);
    expect(night.calls.filter((call) => deleted.includes(call))).toEqual([]);
  });

  it("go on being rotated while a place is silent, which has what is sold again once it is back", async () => {
    const night = world();
    const rotation = PRESETS["odoo"]?.backups?.rotation;
    if (!rotation) throw new Error("odoo has a rotation");
    const broken = () => {
      const observed = { beganMs: Date.parse(BEGAN), untilMs: night.nowMs };
      const sentence = { ...rotation, timezone: "Europe/Zurich" };
      const { violations } = checkHistory(sentence, night.lives(FAR, "acme"), observed);
      return violations.filter(({ toMs }) => toMs === night.nowMs);
    };
    await night.run(40 * DAY, 12 * HOUR);
    const before = night.available(HOME).length;
    night.silent.add(FAR);
    await night.run(20 * DAY, 12 * HOUR);
    expect(night.available(HOME).length).toBeLessThanOrEqual(before + 2);
    expect(troubles(night)).toEqual(["place-silent"]);
    expect(night.notices).toHaveLength(1);
    expect(broken().map(({ clause }) => clause)).toContain("weeks");
    night.silent.clear();
    await night.run(2 * DAY, HOUR);
    // Of a week it may have another than home.
    expect(broken()).toEqual([]);
  });

  it("delete nothing once no newer ones arrive", async () => {
    const night = world();
    await night.run(40 * DAY, 360);
    const before = night.available(NEAR);
    night.unavailable.add("acme-db");
    await night.run(30 * DAY, 360);
    const kept = night.available(NEAR);
    expect(before.filter((id) => !kept.includes(id)).length).toBeLessThanOrEqual(2);
    expect(troubles(night)).toEqual(["backup-late", "backups-stopped"]);
  });

  it("survive a clock that is a year ahead", async () => {
    const night = world();
    await night.run(120 * DAY, 360);
    const before = night.available(HOME);
    const deleted = () => night.calls.filter((call) => call.startsWith("delete")).length;
    const soFar = deleted();
    await night.pass(HOME, 365 * DAY * 60_000);
    expect(deleted()).toBe(soFar);
    expect(night.available(HOME)).toEqual(before);
  });

  it("get their tags back from another place, and are told where no place has them", async () => {
    const night = world();
    await night.run(2 * DAY);
    const [first = "", second = ""] = night.available(HOME);
    night.untag(NEAR, first);
    for (const region of [HOME, NEAR, FAR]) night.untag(region, second);
    await night.run(150, 15);
    expect(night.calls).toContain(`tag ${NEAR} ${first}`);
    expect(troubles(night)).toEqual(["tags-lost"]);
  });

  it("stay, once their tags were given back, until a person says that nothing held them", async () => {
    const night = world();
    await night.run(3 * DAY);
    const [, second = ""] = night.available(NEAR);
    night.tag(NEAR, second, { [TAGS.hold]: "court order" });
    night.untag(NEAR, second);
    await night.run(45 * DAY, 12 * HOUR);
    expect(night.available(NEAR)).toContain(second);
    expect(troubles(night, NEAR)).toEqual(["tags-repaired"]);
    expect(night.available(FAR)).not.toContain(second);
  });

  it("are mended where a single tag was changed, and keep the others", async () => {
    const night = world();
    await night.run(2 * DAY);
    const [first = ""] = night.available(NEAR);
    night.tag(NEAR, first, { [TAGS.hold]: "court order", [TAGS.tick]: "2026-01-01T03:00:00Z" });
    await night.run(150, 15);
    expect(night.tagsOf(NEAR, first)).toMatchObject({
      [TAGS.hold]: "court order",
      [TAGS.tick]: "2026-01-05T03:00:00.000Z",
    });
    expect(troubles(night, NEAR)).toEqual(["tags-repaired"]);
  });

  it("tell what RDS refuses: a quota, a key", async () => {
    const night = world();
    night.keyless.add(FAR);
    await night.run(DAY);
    expect(troubles(night, FAR)).toContain("refused");
    const lines = night.notices.flatMap(({ lines }) => lines).join("\n");
    expect(lines).toContain("KMSKeyNotAccessibleFault");
  });

  it("of an instance that left the fleet, or was renamed, are left alone and told", async () => {
    const night = world();
    night.put(HOME, "sla-oak-20260101t030000z", {
      [TAGS.managed]: "true",
      [TAGS.instance]: "oak",
      [TAGS.schedules]: "daily",
      [TAGS.tick]: "2026-01-01T03:00:00Z",
    });
    await night.run(DAY);
    expect(troubles(night)).toEqual(["stranger"]);
    expect(night.all(HOME)).toContain("sla-oak-20260101t030000z");
  });

  it("are taken and copied once where two passes run at the same time", async () => {
    const night = world();
    for (let pass = 0; pass < 8; pass += 1) {
      await Promise.all([HOME, HOME, NEAR, NEAR, FAR, FAR].map((region) => night.pass(region)));
      night.nowMs += 15 * 60_000;
    }
    for (const region of [HOME, NEAR, FAR]) expect(night.all(region)).toHaveLength(1);
    expect(night.notices).toEqual([]);
  });
});

describe("a pass", () => {
  const calls = (night: BackupWorld) => night.calls.filter((call) => call.startsWith("list"));

  it("asks nobody while nothing can have become necessary, and all places every two hours", async () => {
    const night = world();
    await night.run(4 * HOUR, 15);
    night.calls.length = 0;
    await night.run(6 * HOUR, 15);
    expect(calls(night)).toHaveLength(3 * 3 * 3);
  });

  it("looks at once when it is told to, or when another fleet is deployed", async () => {
    const night = world();
    await night.run(4 * HOUR, 15);
    night.calls.length = 0;
    await night.pass(HOME);
    expect(calls(night)).toEqual([]);
    await night.pass(HOME, 0, { look: true });
    expect(calls(night)).toHaveLength(3);
  });
});

describe("many instances", () => {
  it("share the copies that RDS makes at once, the newest of each first", async () => {
    const many = Array.from({ length: 30 }, (_, index) =>
      instance(`i${String(index).padStart(2, "0")}`, { copies: [NEAR, FAR] }),
    );
    const night = world(many);
    night.quota = 1000;
    await night.pass(HOME);
    night.nowMs += 20 * 60_000;
    await night.pass(NEAR);
    expect(night.all(NEAR)).toHaveLength(20);
    night.nowMs += 60 * 60_000;
    await night.pass(NEAR);
    expect(night.all(NEAR)).toHaveLength(30);
  });
});
