import { expect, it } from "vitest";
import type { Plan } from "../../lib/sla/plan.ts";
import { PRESETS } from "../../lib/sla/presets.ts";
import { firstRoles, leftRoles, stayingRoles } from "../../lib/sla/roles.ts";
import { BackupWorld } from "../fakes/backup-world.ts";
import { fleetOf, instance, QUICK_PLAN } from "../fakes/fleet.ts";

const [HOME, NEAR, FAR] = ["eu-central-2", "eu-central-1", "eu-west-1"] as const;
const DAY = 24 * 60;
const BEGAN = "2026-01-05T09:00:00Z";
const [ACME, BIRCH] = ["acme", "birch"].map((id) => instance(id, { copies: [NEAR, FAR] }));

function world() {
  if (!ACME || !BIRCH) throw new Error("two instances");
  const { backups } = PRESETS["odoo"] ?? {};
  const plan: Plan = { ...QUICK_PLAN, ...(backups && { backups }) };
  const night = new BackupWorld(fleetOf([ACME, BIRCH], plan), BEGAN);
  return { night, roles: firstRoles(night.fleet, ACME, BEGAN) };
}

const about = (night: BackupWorld, id: string, from: number) =>
  night.calls.slice(from).filter((call) => / sla-/.test(call) && call.includes(`sla-${id}-`));

it("of an instance that has left nothing is taken, copied, tested or deleted, and nobody is told", async () => {
  const { night, roles } = world();
  await night.run(40 * DAY, 180);
  const kept = [HOME, NEAR, FAR].map((region) => night.all(region).filter((id) => /acme/.test(id)));
  night.setRoles(leftRoles(roles, new Date(night.nowMs).toISOString(), "a person"));
  const from = night.calls.length;
  await night.run(60 * DAY, 180);
  expect(about(night, "acme", from)).toEqual([]);
  expect(about(night, "birch", from).length).toBeGreaterThan(100);
  const after = [HOME, NEAR, FAR].map((region) =>
    night.all(region).filter((id) => /acme/.test(id)),
  );
  expect(after).toEqual(kept);
  expect(night.notices.filter((notice) => notice.instance === "acme")).toEqual([]);
});

it("of one that comes back after all, what was missed is made up, from then on under the next epoch", async () => {
  const { night, roles } = world();
  await night.run(5 * DAY, 60);
  const left = leftRoles(roles, new Date(night.nowMs).toISOString(), "a person");
  night.setRoles(left);
  await night.run(3 * DAY, 60);
  night.setRoles(stayingRoles(left, new Date(night.nowMs).toISOString(), "a person"));
  const from = night.calls.length;
  await night.run(DAY / 2, 30);
  expect(about(night, "acme", from).filter((call) => call.startsWith("create"))).toEqual([
    expect.stringMatching(/^create eu-central-2 sla-acme-\d{8}t\d{6}z-e3$/),
  ]);
  for (const region of [HOME, NEAR, FAR]) expect(night.available(region).at(-1)).toMatch(/sla-/);
});
