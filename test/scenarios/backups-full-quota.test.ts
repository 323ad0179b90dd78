import { describe, expect, it } from "vitest";
import type { ShelfState } from "../../functions/reconcile/contract.ts";
import { PRESETS } from "../../lib/sla/presets.ts";
import { BackupWorld } from "../fakes/backup-world.ts";
import { fleetOf, instance, QUICK_PLAN } from "../fakes/fleet.ts";

const [HOME, FAR] = ["eu-central-2", "eu-west-1"] as const;
const HOUR = 60;
const DAY = 24 * HOUR;
const DAY_MS = DAY * 60_000;

function world(ids: readonly string[], preset: string, from: string): BackupWorld {
  const backups = PRESETS[preset]?.backups;
  if (!backups) throw new Error(`${preset} sells backups`);
  const plan = { ...QUICK_PLAN, backups: { ...backups, contents: ["database"] as const } };
  return new BackupWorld(
    fleetOf(
      ids.map((id) => instance(id, { copies: [FAR] })),
      plan,
    ),
    from,
  );
}

const troubles = (night: BackupWorld, region: string) =>
  (night.ledgers.at(region).peek<ShelfState>(`shelves/${region}.json`)?.troubles ?? []).flatMap(
    // At one pass an hour those of every hour are always late.
    ({ kind, isTold }) => (isTold && kind !== "backup-late" ? [kind] : []),
  );

const newestAgeMs = (night: BackupWorld, region: string, id: string) =>
  night.nowMs -
  Math.max(
    ...night
      .lives(region, id)
      .flatMap(({ takenMs, removedMs }) => (removedMs === undefined ? takenMs : [])),
  );

const leave = (night: BackupWorld, id: string, deletions: number) => {
  const until = new Date(night.nowMs + DAY_MS).toISOString();
  for (const region of [HOME, FAR]) {
    const given = { instance: id, deletions, reason: "there is too much", until };
    night.ledgers.at(region).put(`prunes/${id}.json`, given);
  }
};

describe("a quota that is full", () => {
  it("makes room by the rotation, though nothing new has come for days", async () => {
    const ids = ["a", "b", "c"];
    const night = world(ids, "odoo", "2026-01-05T09:00:00Z");
    await night.run(148 * DAY, DAY);
    await night.run(2 * DAY, 6 * HOUR);
    // People's own snapshots have taken what was to spare, and more.
    night.quota = night.all(HOME).length - 7;
    await night.run(10 * DAY, 3 * HOUR);
    // There is less room than the plan needs: not one a day for each, but each has one that is newer.
    for (const id of ids) expect(newestAgeMs(night, HOME, id), id).toBeLessThan(8 * DAY_MS);
    expect(troubles(night, HOME)).toContain("refused");
    for (const region of [HOME, FAR]) {
      for (const id of ids) {
        const own = night.available(region).filter((name) => name.startsWith(`sla-${id}-`));
        expect(own.length, `${id} in ${region}`).toBeGreaterThanOrEqual(14);
      }
    }
  });

  it("does not come of a place that is silent, were it for good", async () => {
    const night = world(["i0"], "cloudpepper-high", "2026-02-20T09:00:00Z");
    await night.run(32 * DAY, 6 * HOUR);
    await night.run(DAY, HOUR);
    const before = night.all(HOME).length;
    night.silent.add(FAR);
    await night.run(3 * DAY, HOUR);
    expect(night.all(HOME).length).toBeLessThanOrEqual(before + 3);
    expect(newestAgeMs(night, HOME, "i0")).toBeLessThan(2 * HOUR * 60_000);
    expect(troubles(night, HOME)).toEqual(["place-silent"]);
    night.silent.clear();
    await night.run(6 * HOUR, HOUR);
    expect(troubles(night, HOME)).toEqual([]);
    expect(newestAgeMs(night, FAR, "i0")).toBeLessThan(3 * HOUR * 60_000);
  });

  it("is left at once when a person gives leave for what is over the bound", async () => {
    const night = world(["i0"], "cloudpepper-high", "2026-02-20T09:00:00Z");
    await night.run(32 * DAY, 6 * HOUR);
    await night.run(DAY, HOUR);
    night.stuck.add(FAR);
    await night.run(2 * DAY, HOUR);
    night.quota = night.all(HOME).length;
    night.loosen();
    night.notices.length = 0;
    await night.run(6 * HOUR, HOUR);
    expect(troubles(night, HOME)).toContain("backups-stopped");
    expect(troubles(night, HOME)).toContain("deletions-held");
    // What waits for a person is not well because of what else went wrong.
    const well = night.notices.filter(({ kind }) => kind === "backups-well");
    expect(well.flatMap(({ lines }) => lines).join()).not.toContain("leave to delete");
    leave(night, "i0", 500);
    await night.run(3 * HOUR, HOUR);
    expect(newestAgeMs(night, HOME, "i0")).toBeLessThan(2 * HOUR * 60_000);
    expect(troubles(night, HOME)).toEqual([]);
  });
});
