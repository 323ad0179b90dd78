import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Action } from "../../../../lib/sla/backups/action.ts";
import { ZoneCalendar } from "../../../../lib/sla/backups/calendar.ts";
import { backupId, type Shelved } from "../../../../lib/sla/backups/catalogue.ts";
import { desiredImagesOf, imagePlanOf } from "../../../../lib/sla/backups/images.ts";
import { reconcile } from "../../../../lib/sla/backups/reconcile.ts";
import { PRESETS } from "../../../../lib/sla/presets.ts";
import { firstRoles } from "../../../../lib/sla/roles.ts";
import { fleetOf, instance, QUICK_PLAN } from "../../../fakes/fleet.ts";

const [HOME, FAR] = ["eu-central-2", "eu-west-1"] as const;
const NOW = Date.parse("2026-11-21T12:00:00Z");
const DAY_MS = 86_400_000;
const calendar = new ZoneCalendar("Europe/Zurich");
const ACME = instance("acme", { copies: [FAR], machines: { [HOME]: "Name=acme" } });
const roles = firstRoles(fleetOf([ACME]), ACME, "2026-01-01T00:00:00Z");

describe("the plan of images", () => {
  it.each([
    ["binhex", [{ name: "versions", every: "1d", at: ["04:00"], keepNewest: 5 }]],
    ["cloudworkz", [{ name: "daily", every: "1d", at: ["04:00"], keep: "90d" }]],
    ["mintsys", undefined],
  ] as const)("%s", (name, schedules) => {
    expect(imagePlanOf(PRESETS[name]?.backups)?.schedules).toEqual(schedules);
  });

  it("has the times that the plan says", () => {
    const plan = imagePlanOf({
      ...{ contents: ["database"], schedules: [], instanceVersions: 3 },
      instanceSchedule: { every: "1w", at: ["02:00"] },
    });
    expect(plan?.schedules).toEqual([
      { name: "versions", every: "1w", at: ["02:00"], keepNewest: 3 },
    ]);
  });

  it("asks for nothing where nobody says of which machine", () => {
    const { machines: _, ...nameless } = ACME;
    expect(desiredImagesOf(nameless, PRESETS["binhex"] ?? QUICK_PLAN, roles)).toBeUndefined();
  });
});

interface Had {
  readonly day: number;
  readonly state: Shelved["state"];
  readonly isHeld: boolean;
}

const had: fc.Arbitrary<Had> = fc.record({
  day: fc.integer({ min: 0, max: 40 }),
  state: fc.constantFrom<Shelved["state"][]>("available", "available", "making", "failed"),
  isHeld: fc.boolean(),
});

function shelfOf(region: string, all: readonly Had[]): readonly Shelved[] {
  const byDay = new Map(all.map((each) => [each.day, each]));
  return [...byDay.values()].map(({ day, state, isHeld }) => {
    const takenMs = NOW - (day + 1) * DAY_MS;
    return {
      ...{ id: backupId("acme", takenMs), region, instance: "acme", tickMs: takenMs, takenMs },
      ...{ epoch: 1, schedules: ["versions"], state, isHeld, isTimed: true },
      isCopy: region !== HOME,
    };
  });
}

/** Names of what goes there. */
const goneOf = (actions: readonly Action[], region: string): ReadonlySet<string> =>
  new Set(
    actions.flatMap((action) =>
      action.kind === "delete" && action.backup.region === region ? [action.backup.id] : [],
    ),
  );

function holds(all: readonly Shelved[], gone: ReadonlySet<string>, count: number): void {
  const there = all.filter(({ state }) => state === "available");
  const left = there.filter(({ id }) => !gone.has(id));
  expect(left.length).toBeGreaterThanOrEqual(Math.min(count, there.length));
  const newest = there.toSorted((one, other) => other.takenMs - one.takenMs).slice(0, 1);
  expect(left).toEqual(expect.arrayContaining(newest));
  expect(all.filter(({ id, isHeld }) => gone.has(id) && isHeld)).toEqual([]);
}

describe("whatever images there are", () => {
  it("a pass deletes only what is spare: as many stay as are sold, the newest among them, nothing that is held", () => {
    const shelf = fc.array(had, { maxLength: 12 });
    const days = (...all: number[]): Had[] =>
      all.map((day) => ({ day, state: "available", isHeld: false }));
    fc.assert(
      fc.property(shelf, shelf, fc.integer({ min: 1, max: 6 }), (home, far, count) => {
        const backups = {
          ...({ contents: ["database"], schedules: [] } as const),
          instanceVersions: count,
        };
        const desired = desiredImagesOf(ACME, { backups }, roles);
        if (!desired) throw new Error("images are sold");
        const shelves = new Map([
          [HOME, shelfOf(HOME, home)],
          [FAR, shelfOf(FAR, far)],
        ]);
        const { actions } = reconcile(desired, { shelves, untagged: new Map() }, calendar, NOW);
        expect(actions.filter(({ kind }) => kind === "verify")).toEqual([]);
        for (const [region, all] of shelves) holds(all, goneOf(actions, region), count);
      }),
      {
        examples: [
          [days(0, 1, 2, 3, 4, 5, 6), days(0, 1, 2, 3, 4, 5, 6), 5],
          [days(0, 1, 2, 3), days(0), 1],
          [days(3), [], 1],
        ],
      },
    );
  });

  it("a pass does delete what is spare", () => {
    const desired = desiredImagesOf(ACME, PRESETS["binhex"] ?? QUICK_PLAN, roles);
    if (!desired) throw new Error("images are sold");
    const days = Array.from({ length: 6 }, (_, day) => ({
      day,
      state: "available" as const,
      isHeld: false,
    }));
    const shelves = new Map([HOME, FAR].map((region) => [region, shelfOf(region, days)]));
    const { actions } = reconcile(desired, { shelves, untagged: new Map() }, calendar, NOW);
    const oldest = backupId("acme", NOW - 6 * DAY_MS);
    expect(actions.filter(({ kind }) => kind === "delete")).toMatchObject([
      { backup: { id: oldest, region: HOME } },
      { backup: { id: oldest, region: FAR } },
    ]);
  });
});
