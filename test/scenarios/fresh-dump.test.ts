import { describe, expect, it } from "vitest";
import type { FreshRequest } from "../../functions/reconcile/contract.ts";
import { checkHistory } from "../../lib/sla/backups/check-history.ts";
import type { Plan } from "../../lib/sla/plan.ts";
import { PRESETS } from "../../lib/sla/presets.ts";
import { firstRoles, promotedRoles } from "../../lib/sla/roles.ts";
import { BackupWorld } from "../fakes/backup-world.ts";
import { fleetOf, instance, QUICK_PLAN } from "../fakes/fleet.ts";

const [HOME, NEAR, FAR] = ["eu-central-2", "eu-central-1", "eu-west-1"] as const;
const HOUR = 60;
const DAY = 24 * HOUR;
const BEGAN = "2026-01-05T09:00:00Z";
const ACME = instance("acme", { copies: [NEAR, FAR] });

/** Dumps are made in FAR. */
function world(sold: Partial<Plan> = { frozen: { immutable: true } }) {
  const { backups } = PRESETS["odoo"] ?? {};
  const plan: Plan = { ...QUICK_PLAN, ...(backups && { backups }), ...sold };
  const frozen = { account: "222222222222", region: FAR, retainDays: 120 };
  return new BackupWorld({ ...fleetOf([ACME], plan), frozen }, BEGAN);
}

/** As `sla download acme --fresh` does: all sites are told, and look. Answers the name of the backup. */
async function ask(night: BackupWorld): Promise<string> {
  const askedAt = new Date(night.nowMs + 1000).toISOString();
  const request: FreshRequest = { instance: "acme", askedAt, epoch: 1, by: "ops" };
  for (const site of Object.keys(night.fleet.sites)) {
    night.ledgers.at(site).put("fresh/acme.json", request);
    await night.pass(site, 0, { look: true });
  }
  const stamp = askedAt.slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "t");
  return `sla-acme-${stamp}z`;
}

const about = (night: BackupWorld, id: string) =>
  night.calls.filter((call) => call.endsWith(id) && !/^(look|tag)/.test(call));

describe("a fresh dump", () => {
  it("is made of one backup, one copy and one restore, within hours, though nobody waits", async () => {
    const night = world();
    await night.run(2 * DAY);
    const id = await ask(night);
    await night.run(3 * HOUR, 15);
    expect(about(night, id)).toEqual([
      `create ${HOME} ${id}`,
      `copy ${FAR} ${id}`,
      `test ${FAR} ${id}`,
    ]);
  });

  it("is made for whoever was sold downloads and no frozen copy, and nothing else is frozen", async () => {
    const night = world({ downloads: "any-time" });
    await night.run(3 * DAY);
    const id = await ask(night);
    await night.run(3 * HOUR, 15);
    expect(about(night, id)).toEqual([
      `create ${HOME} ${id}`,
      `copy ${FAR} ${id}`,
      `test ${FAR} ${id}`,
    ]);
  });

  it("is begun by the next pass of a site that had nothing to do for hours", async () => {
    const night = world();
    await night.run(2 * DAY);
    const askedAt = new Date(night.nowMs + 1000).toISOString();
    const request: FreshRequest = { instance: "acme", askedAt, epoch: 1, by: "customer anna" };
    expect(night.ledgers.at(HOME).peek(`shelves/${HOME}.json`)).toHaveProperty("idleUntil");
    for (const site of [HOME, NEAR, FAR]) night.ledgers.at(site).put("fresh/acme.json", request);
    const before = night.calls.length;
    await night.run(15, 15);
    expect(night.calls.slice(before).join()).toContain(`create ${HOME} sla-acme-`);
  });

  it("is begun also by a site that hears of it an hour after it was uttered", async () => {
    const night = world();
    await night.run(2 * DAY);
    const askedAt = new Date(night.nowMs + 1000).toISOString();
    await night.run(HOUR, 15);
    const request: FreshRequest = { instance: "acme", askedAt, epoch: 1, by: "customer anna" };
    for (const site of [HOME, NEAR, FAR]) night.ledgers.at(site).put("fresh/acme.json", request);
    const before = night.calls.length;
    await night.run(15, 15);
    expect(night.calls.slice(before).join()).toContain(`create ${HOME} sla-acme-`);
  });

  it("leaves nothing behind, and every clause that was sold as it was", async () => {
    const night = world();
    await night.run(40 * DAY, 180);
    for (let week = 0; week < 10; week++) {
      await ask(night);
      await night.run(7 * DAY, 180);
    }
    const rotation = PRESETS["odoo"]?.backups?.rotation;
    if (!rotation) throw new Error("odoo has a rotation");
    for (const region of [HOME, NEAR, FAR]) {
      const observed = { beganMs: Date.parse(BEGAN), untilMs: night.nowMs };
      const lives = night.lives(region, "acme");
      const counted = lives.filter(({ schedules }) => !schedules.includes("fresh"));
      const found = checkHistory({ ...rotation, timezone: "Europe/Zurich" }, counted, observed);
      expect(found.violations.filter(({ avoidable }) => avoidable)).toEqual([]);
      const left = lives.filter(
        ({ schedules, removedMs }) => schedules.includes("fresh") && removedMs === undefined,
      );
      // The last one that was proven stays until another is.
      expect(left.length).toBeLessThanOrEqual(region === FAR ? 1 : 0);
    }
    expect(night.notices).toEqual([]);
  });

  it("waits for a database that cannot be backed up, and is given up after six hours", async () => {
    const night = world();
    await night.run(2 * DAY);
    night.unavailable.add("acme-db");
    const id = await ask(night);
    await night.run(2 * HOUR, 15);
    night.unavailable.clear();
    await night.run(3 * HOUR, 15);
    expect(about(night, id).at(-1)).toBe(`test ${FAR} ${id}`);
    night.unavailable.add("acme-db");
    const other = await ask(night);
    await night.run(7 * HOUR, 15);
    night.unavailable.clear();
    const tried = about(night, other).length;
    await night.run(3 * HOUR, 15);
    expect(about(night, other)).toHaveLength(tried);
  });

  it("is made of what the new primary has after a failover, and by nobody twice", async () => {
    const night = world();
    await night.run(2 * DAY);
    night.unavailable.add("acme-db");
    const id = await ask(night);
    const roles = firstRoles(night.fleet, ACME, BEGAN);
    night.setRoles(promotedRoles(roles, FAR, new Date(night.nowMs + 60_000).toISOString(), "test"));
    await night.run(3 * HOUR, 15);
    expect(about(night, `${id}-e2`)).toEqual([
      `create ${NEAR} ${id}-e2`,
      `copy ${FAR} ${id}-e2`,
      `test ${FAR} ${id}-e2`,
    ]);
  });

  it("is copied again where its copy fails, and where the other region was silent", async () => {
    const night = world();
    await night.run(2 * DAY);
    night.failing.add(FAR);
    const id = await ask(night);
    night.silent.add(HOME);
    await night.run(HOUR, 15);
    night.silent.delete(HOME);
    await night.run(4 * HOUR, 15);
    // The second finds the one that failed, which the same pass deletes.
    expect(about(night, id).filter((call) => call.startsWith("copy"))).toHaveLength(3);
    expect(about(night, id).at(-1)).toBe(`test ${FAR} ${id}`);
  });

  it("that fails its restore is told, and is not tried again", async () => {
    const night = world();
    await night.run(2 * DAY);
    night.corrupt.add(FAR);
    const id = await ask(night);
    await night.run(12 * HOUR, 15);
    expect(about(night, id).filter((call) => call.startsWith("test"))).toHaveLength(1);
    expect(night.notices.flatMap(({ lines }) => lines).join()).toMatch(/restore test/);
  });
});
