import { describe, expect, it } from "vitest";
import type { ShelfState } from "../../functions/reconcile/contract.ts";
import { backupId, TAGS, tagsOf } from "../../lib/sla/backups/catalogue.ts";
import type { Backups, Plan } from "../../lib/sla/plan.ts";
import { PRESETS } from "../../lib/sla/presets.ts";
import { firstRoles, promotedRoles, protectedRoles } from "../../lib/sla/roles.ts";
import { BackupWorld } from "../fakes/backup-world.ts";
import { fleetOf, instance, QUICK_PLAN } from "../fakes/fleet.ts";

const [HOME, NEAR, FAR] = ["eu-central-2", "eu-central-1", "eu-west-1"] as const;
const HOUR = 60;
const DAY = 24 * HOUR;
const MINUTE_MS = 60_000;
const BEGAN = "2026-01-05T09:00:00Z";
const ACME = instance("acme", { copies: [NEAR, FAR] });

function world(instances = [ACME], backups: Backups | undefined = PRESETS["odoo"]?.backups) {
  const plan: Plan = { ...QUICK_PLAN, ...(backups && { backups }) };
  return new BackupWorld(fleetOf(instances, plan), BEGAN);
}

const troubles = (night: BackupWorld, region: string = HOME) =>
  (night.ledgers.at(region).peek<ShelfState>(`shelves/${region}.json`)?.troubles ?? []).flatMap(
    ({ kind, isTold }) => (isTold ? [kind] : []),
  );

/** As if it had been taken for that instance. */
const ours = (night: BackupWorld, instance: string) => {
  const tickMs = Date.parse("2026-01-01T03:00:00Z");
  const tags = tagsOf({ instance, schedules: ["daily"], tickMs });
  night.put(HOME, backupId(instance, tickMs), tags);
};

describe("backups under attack", () => {
  it("go on being taken after a clock that was ahead has taken one for an instant to come", async () => {
    const night = world();
    await night.run(2 * DAY);
    await night.pass(HOME, 20 * DAY * MINUTE_MS);
    await night.run(25 * DAY);
    // One a day, the odd one, and the day whose name that one had.
    expect(night.calls.filter((call) => call.startsWith("create")).length).toBeGreaterThan(25);
    expect(night.available(HOME).length).toBeGreaterThanOrEqual(14);
  });

  it("are not those of an old primary, taken by a site that nobody could tell of the failover", async () => {
    const night = world();
    await night.run(DAY);
    const first = firstRoles(night.fleet, ACME, BEGAN);
    const now = promotedRoles(first, FAR, new Date(night.nowMs).toISOString(), "test");
    for (const site of [NEAR, FAR]) night.ledgers.at(site).put("roles/acme.json", now);
    // Home is cut off from the others, and backs up what it believes to be the primary.
    for (const site of [NEAR, FAR]) {
      night.silent.add(site);
      night.ledgers.cutOff(site);
    }
    await night.run(2 * DAY);
    const stale = night.all(HOME).filter((id) => id > "sla-acme-20260107");
    expect(stale.length).toBeGreaterThan(0);
    night.silent.clear();
    for (const site of [NEAR, FAR]) night.ledgers.restore(site);
    night.setRoles(now);
    await night.run(DAY, 15);
    expect(troubles(night)).toContain("of-old-primary");
    for (const id of stale) {
      expect(night.all(HOME)).toContain(id);
      expect([...night.all(NEAR), ...night.all(FAR)]).not.toContain(id);
    }
    const fresh = night.available(NEAR).at(-1) ?? "";
    expect(fresh).toMatch(/^sla-acme-20260109.*-e2$/);
    expect(night.available(HOME)).toContain(fresh);
    expect(night.available(FAR)).toContain(fresh);
  });

  it("do not count for an instance that only a tag names", async () => {
    const night = world([ACME, instance("oak", { copies: [NEAR, FAR] })]);
    await night.run(2 * DAY);
    const id = night.available(HOME).find((each) => each.startsWith("sla-acme")) ?? "";
    night.tag(HOME, id, { [TAGS.instance]: "oak" });
    await night.run(3 * HOUR, 15);
    expect(night.calls).toContain(`tag ${HOME} ${id}`);
  });

  it("never delete the last that was proven, though it is shown as failed", async () => {
    const night = world();
    await night.run(3 * DAY);
    const [first = ""] = night.available(HOME);
    night.tag(HOME, first, { [TAGS.verified]: "2026-01-06T00:00:00Z" });
    night.spoil(HOME, first);
    await night.run(DAY);
    expect(night.calls).not.toContain(`delete ${HOME} ${first}`);
  });

  it("do not say that all is well when late has become stopped", async () => {
    const night = world();
    await night.run(5 * DAY);
    night.unavailable.add("acme-db");
    await night.run(6 * DAY);
    expect(night.notices.map(({ kind }) => kind)).not.toContain("backups-well");
    expect(troubles(night)).toContain("backups-stopped");
  });

  it("tell of an instance that left the fleet, though its roles are still in the ledger", async () => {
    const night = world([ACME, instance("oak", { copies: [NEAR, FAR] })]);
    await night.run(DAY);
    night.leave("oak");
    await night.run(DAY);
    expect(troubles(night)).toEqual(["stranger"]);
  });

  it("tell where what nobody can date is not copied", async () => {
    const night = world();
    night.timeless.add(HOME);
    await night.run(2 * DAY);
    expect(night.available(FAR)).toEqual([]);
    expect(troubles(night, FAR)).toContain("copy-late");
  });

  it("are copied though twenty others are refused at every pass", async () => {
    const many = Array.from({ length: 22 }, (_, index) =>
      instance(`i${String(index).padStart(2, "0")}`, { copies: [NEAR] }),
    );
    const night = world(many);
    night.quota = 1000;
    for (const { id } of many.slice(0, 20)) night.uncopyable.add(id);
    await night.run(DAY);
    expect(night.available(NEAR)).toHaveLength(4);
  });

  it("tell of an instance whose primary no ledger knows: it is not backed up", async () => {
    const night = world();
    for (const region of [HOME, NEAR, FAR]) night.ledgers.at(region).remove("roles/acme.json");
    await night.run(2 * HOUR, 15);
    expect(troubles(night)).toEqual(["roles-unknown"]);
  });

  it("ask RDS no more often because of what only a person can clear away", async () => {
    const night = world();
    ours(night, "oak");
    await night.run(4 * HOUR, 15);
    night.calls.length = 0;
    await night.run(6 * HOUR, 15);
    expect(troubles(night)).toEqual(["stranger"]);
    expect(night.calls.filter((call) => call.startsWith("list"))).toHaveLength(3 * 3 * 3);
  });

  it("tell of what is left behind in a place that was given up", async () => {
    const night = world();
    await night.run(2 * DAY);
    night.giveUp(FAR);
    await night.run(DAY);
    expect(troubles(night, FAR)).toEqual(["stranger"]);
    expect(troubles(night)).toEqual([]);
    for (const id of night.all(FAR)) night.deleteByHand(FAR, id);
    await night.run(3 * HOUR);
    expect(night.notices.map(({ kind }) => kind)).toEqual(["backups-troubled", "backups-well"]);
  });

  it("lie at home again after a failback, and are told where they were left", async () => {
    const night = world([instance("acme")]);
    await night.run(2 * DAY);
    const first = firstRoles(night.fleet, instance("acme"), BEGAN);
    const now = () => new Date(night.nowMs).toISOString();
    const away = promotedRoles(first, FAR, now(), "test");
    night.setRoles(away);
    await night.run(3 * DAY);
    const back = protectedRoles(away, first.primary, now(), "test");
    night.setRoles(promotedRoles(back, FAR, now(), "test"));
    await night.run(20 * DAY, 2 * HOUR);
    const days = night.available(HOME).map((id) => /-(\d{8})t/.exec(id)?.[1] ?? "");
    expect(days.slice(-7)).toHaveLength(7);
    expect(new Set(days).size).toBe(days.length);
    expect(days.length).toBeGreaterThanOrEqual(14);
    expect(troubles(night, NEAR)).toEqual(["stranger"]);
    expect(troubles(night)).toEqual([]);
  });

  it("stay until a plan that names its schedules otherwise has made as many of its own", async () => {
    const nightly: Backups = {
      contents: ["database"],
      schedules: [{ every: "1d", keepNewest: 4 }],
    };
    const night = world([ACME], nightly);
    await night.run(8 * DAY, HOUR);
    const before = night.available(HOME);
    night.sell({ contents: ["database"], schedules: [{ every: "12h", keepNewest: 8 }] });
    await night.run(2 * DAY, HOUR);
    expect(before).toHaveLength(4);
    expect(night.available(HOME)).toHaveLength(8);
    expect(night.available(HOME)).toEqual(expect.arrayContaining(before.slice(-2)));
    await night.run(3 * DAY, HOUR);
    expect(night.available(HOME)).toHaveLength(8);
    expect(night.notices).toEqual([]);
  });
});
