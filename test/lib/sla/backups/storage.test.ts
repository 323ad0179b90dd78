import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { inspectFleetFile } from "../../../../lib/fleet/parse.ts";
import type { Life } from "../../../../lib/sla/backups/history.ts";
import { PRICES } from "../../../../lib/sla/backups/prices.ts";
import { heldGb, type Place, storageOf } from "../../../../lib/sla/backups/storage.ts";
import { placesOfInstance, placesOfPlan } from "../../../../lib/sla/backups/storage-places.ts";
import { PRESETS } from "../../../../lib/sla/presets.ts";

const DAY_MS = 86_400_000;
const SIZING = { sizeGb: 100, dailyChangeGb: 2 };
const HOME = { name: "home", medium: "snapshots", isCopy: false } as const;
const COPY = { name: "copy", medium: "snapshots", isCopy: true } as const;
const days = (...all: readonly number[]) => all.map((day) => day * DAY_MS);

describe("what snapshots hold together", () => {
  it.each([
    ["nothing without one", [], 0],
    ["one whole", [5], 100],
    ["what changed in a day besides", [5, 6], 102],
    ["what changed in all days between, though their snapshots are gone", [5, 35], 160],
    ["another whole one once everything has changed", [5, 500], 200],
  ])("is %s", (_, taken, gb) => {
    expect(heldGb(days(...taken), SIZING)).toBe(gb);
  });

  test("deleting one never takes more room, and never frees more than it", () => {
    const taken = fc.uniqueArray(fc.integer({ min: 0, max: 900 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(taken, fc.nat(), (all, which) => {
        const sorted = days(...all.toSorted((one, other) => one - other));
        const without = sorted.toSpliced(which % sorted.length, 1);
        const [before, after] = [heldGb(sorted, SIZING), heldGb(without, SIZING)];
        expect(after).toBeLessThanOrEqual(before + 1e-9);
        expect(before - after).toBeLessThanOrEqual(SIZING.sizeGb + 1e-9);
      }),
    );
  });
});

describe("what a course of backups takes", () => {
  const lives: readonly Life[] = Array.from({ length: 60 }, (_, day) => ({
    ...{ id: `${day}`, takenMs: day * DAY_MS, availableMs: day * DAY_MS, schedules: [] },
    ...(day < 53 && { removedMs: (day + 7) * DAY_MS }),
  }));
  const when = { beganMs: 0, untilMs: 60 * DAY_MS };

  it("is a mean of the last thirty days, the most of all, and dollars for it", () => {
    const { places, dollars, transferGb } = storageOf(lives, [HOME], SIZING, when);
    expect(places).toHaveLength(1);
    expect(places[0]?.gb).toBeCloseTo(112);
    expect(places[0]?.mostGb).toBeGreaterThanOrEqual(112);
    expect(dollars).toBeCloseTo(112 * PRICES.snapshotGbMonth);
    expect(transferGb).toBe(0);
  });

  it("is sent to each copy, only what changed", () => {
    const one = storageOf(lives, [HOME, COPY], SIZING, when);
    expect(one.transferGb).toBeCloseTo(60);
    expect(one.dollars).toBeCloseTo(2 * 112 * PRICES.snapshotGbMonth + 60 * PRICES.transferGb);
    expect(storageOf(lives, [HOME, COPY, COPY], SIZING, when).transferGb).toBeCloseTo(120);
  });

  it.each([
    [90, 13],
    [120, 18],
  ])("is a whole dump a week for as long as frozen ones stay: %i days", (days, dumps) => {
    const frozen = { name: "frozen", medium: "frozen dumps", isCopy: false, days } as const;
    const { places } = storageOf(lives, [HOME, frozen], SIZING, when);
    expect(places[1]?.gb).toBe(dumps * SIZING.sizeGb);
  });

  it("is nothing where nothing was taken", () => {
    expect(storageOf([], [HOME, COPY], SIZING, when)).toMatchObject({ dollars: 0, transferGb: 0 });
  });
});

describe("the places of a plan", () => {
  const daysOf = (places: readonly Place[]) =>
    places.flatMap((place) => (place.medium === "frozen dumps" ? [place.days] : []));

  it("has frozen dumps for as long as the fleet says", () => {
    const odoo = PRESETS["odoo"];
    expect(odoo && daysOf(placesOfPlan(odoo, 120))).toEqual([120]);
    expect(odoo && daysOf(placesOfPlan(odoo))).toEqual([90]);
    const { fleet } = inspectFleetFile("examples/fleet.yaml");
    const frozen = { account: "222222222222", region: "eu-west-1", retainDays: 400 };
    const [instance] = fleet?.instances ?? [];
    expect(instance && odoo && daysOf(placesOfInstance(instance, odoo, { frozen }))).toEqual([400]);
  });

  it.each([
    ["odoo", ["home", "copy 1", "copy 2", "frozen"]],
    ["mintsys", ["home", "copy 1", "copy 2"]],
    ["binhex", ["home", "copy 1"]],
    ["cloudpepper-high", ["home", "copy 1"]],
  ])("%s: %j", (name, names) => {
    const plan = PRESETS[name];
    expect(plan && placesOfPlan(plan).map((place) => place.name)).toEqual(names);
  });
});
