import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { monthOf, weekOf, ZoneCalendar } from "../../../../lib/sla/backups/calendar.ts";
import { backupId, type Shelved } from "../../../../lib/sla/backups/catalogue.ts";
import { mayLack } from "../../../../lib/sla/backups/copies.ts";
import { backupPlanOf } from "../../../../lib/sla/backups/of-plan.ts";
import { type Desired, reconcile } from "../../../../lib/sla/backups/reconcile.ts";
import { courseOf } from "../../../../lib/sla/backups/stopped.ts";
import { windowsOf } from "../../../../lib/sla/backups/windows.ts";
import { PRESETS } from "../../../../lib/sla/presets.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const [HERE, SILENT] = ["eu-central-2", "eu-west-1"] as const;
const FIRST = Date.parse("2026-01-05T03:00:00Z");
const backups = PRESETS["odoo"]?.backups;
if (!backups?.rotation) throw new Error("odoo sells a rotation");
const rotation = backups.rotation;
const plan = backupPlanOf(backups);
const calendar = new ZoneCalendar("UTC");
const on = (day: number) => FIRST + day * DAY_MS;

const taken = (day: number, region: string = HERE, more: Partial<Shelved> = {}): Shelved => ({
  ...{ id: backupId("acme", on(day)), instance: "acme", region, tickMs: on(day), epoch: 1 },
  ...{ takenMs: on(day), schedules: ["daily"], state: "available", isCopy: region !== HERE },
  ...{ isTimed: true, isHeld: false },
  ...more,
});

const desired: Desired = {
  ...{ instance: "acme", plan, epoch: 1, testEvery: "1mo", places: [HERE, SILENT] },
  primary: { region: HERE, database: "acme-db" },
};

const deleted = (shelf: readonly Shelved[], nowMs: number, more: Partial<Desired> = {}) =>
  reconcile(
    { ...desired, ...more },
    { shelves: new Map([[HERE, shelf]]), untagged: new Map() },
    calendar,
    nowMs,
  ).actions.flatMap((action) => (action.kind === "delete" ? action.backup : []));

describe("the instant that backups are rotated by", () => {
  const all = [taken(0), taken(10)];
  const now = on(20);
  it.each([
    ["while they come it is now", on(11), {}, false, on(11)],
    ["once they have stopped it is when the last was taken", now, {}, true, on(10)],
    ["where there was no room it is when RDS said so", now, { fullMs: on(19) }, true, on(19)],
    ["it is never to come, whatever a clock has written", now, { fullMs: on(300) }, true, now],
    ["if there was no room before the last it is that", now, { fullMs: on(5) }, true, on(10)],
    ["where a person says so it is now", now, { allowedDeletions: 5 }, true, now],
  ] as const)("%s", (_, nowMs, more, hasStopped, asOfMs) => {
    expect(courseOf({ plan, ...more }, all, nowMs)).toEqual({ hasStopped, asOfMs });
  });

  it("is none where nothing can be restored", () => {
    const none = [taken(0, HERE, { state: "making" }), taken(1, HERE, { schedules: ["fresh"] })];
    expect(courseOf({ plan, allowedDeletions: 9 }, none, now)).toEqual({ hasStopped: true });
  });
});

/** Days of which a backup lies there. */
const shelves = fc.uniqueArray(fc.nat({ max: 130 }), { minLength: 15, maxLength: 60 });

describe("while a place is silent", () => {
  it("no period loses its last backup, whatever that place holds", () => {
    fc.assert(
      fc.property(shelves, shelves, (days, others) => {
        const shelf = days.toSorted((one, other) => one - other).map((day) => taken(day));
        const nowMs = Math.max(...days.map(on)) + DAY_MS;
        const gone = new Set(deleted(shelf, nowMs, { allowedDeletions: 1000 }));
        const there = others.filter((day) => on(day) < nowMs).map((day) => taken(day, SILENT));
        const before = periodsOf([...shelf, ...there], nowMs);
        const after = periodsOf([...shelf.filter((each) => !gone.has(each)), ...there], nowMs);
        expect(after).toEqual(before);
        // A copy of it may be under way.
        for (const { takenMs } of gone) expect(nowMs - takenMs).toBeGreaterThanOrEqual(DAY_MS);
      }),
    );
  });

  it("what it may lack is no more than the plan keeps, however long it lasts", () => {
    for (const days of [100, 200, 400]) {
      const shelf = Array.from({ length: days }, (_, day) => taken(day));
      const lacking = mayLack(plan, new Map([[HERE, shelf]]), calendar, on(days));
      expect(lacking.size).toBeLessThanOrEqual(17);
    }
  });

  it("nothing goes that was taken for a dump: its original may lie there", () => {
    const fresh = taken(0, HERE, { schedules: ["fresh"], isCopy: true });
    const shelf = [fresh, taken(10)];
    expect(deleted(shelf, on(10.5))).toEqual([]);
    expect(deleted(shelf, on(10.5), { places: [HERE] })).toEqual([fresh]);
  });
});

/** Periods that the plan sells now and something stands for. */
function periodsOf(all: readonly Shelved[], nowMs: number): readonly string[] {
  const { days, weeks, months } = windowsOf(rotation, calendar.dayOf(nowMs));
  const found = all.flatMap(({ takenMs }) => {
    const day = calendar.dayOf(takenMs);
    return [
      ...(days.first <= day && day <= days.last ? [`day ${day}`] : []),
      ...(weeks.first <= weekOf(day) && weekOf(day) <= weeks.last ? [`week ${weekOf(day)}`] : []),
      ...(months.first <= monthOf(day) && monthOf(day) <= months.last
        ? [`month ${monthOf(day)}`]
        : []),
    ];
  });
  return [...new Set(found)].toSorted();
}
