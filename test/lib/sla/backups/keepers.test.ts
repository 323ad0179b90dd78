import { describe, expect, it } from "vitest";
import { backupId, type Shelved } from "../../../../lib/sla/backups/catalogue.ts";
import { whyKept } from "../../../../lib/sla/backups/keepers.ts";

const PLACE = "eu-central-1";
const DAY_MS = 86_400_000;
const on = (day: number) => Date.parse("2026-11-01T00:00:00Z") + day * DAY_MS;

const taken = (day: number, more: Partial<Shelved> = {}): Shelved => ({
  ...{ id: backupId("acme", on(day)), instance: "acme", region: PLACE, tickMs: on(day) },
  ...{ takenMs: on(day), epoch: 1, schedules: ["daily"], state: "available", isCopy: true },
  ...{ isTimed: true, isHeld: false },
  ...more,
});

const LAST = "the last whose restore has been proven";

describe("a backup that was proven", () => {
  const newest = taken(9);
  const why = (one: Shelved, ...others: readonly Shelved[]) =>
    whyKept(one, {
      shelves: new Map([[PLACE, [one, ...others, newest]]]),
      places: [PLACE],
      missing: new Map(),
      mayLack: new Set(),
    });

  it("may go once a later one was proven", () => {
    const old = taken(1, { verifiedMs: on(2) });
    expect(why(old)).toBe(LAST);
    expect(why(old, taken(3, { verifiedMs: on(4) }))).toBeUndefined();
  });

  it("stays while it has the newest data of those, though an older one was tested after it", () => {
    const newer = taken(6, { verifiedMs: on(7) });
    const older = taken(1, { verifiedMs: on(8) });
    expect(why(newer, older)).toBe(LAST);
    expect(why(older, newer)).toBe(LAST);
    const elsewhere = taken(6.5, { region: "eu-west-1", verifiedMs: on(7.5) });
    expect(why(newer, older, elsewhere)).toBe(LAST);
    // Once a newer one is tested neither is needed.
    const newest = taken(8.5, { verifiedMs: on(9) });
    expect(why(newer, older, newest)).toBeUndefined();
    expect(why(older, newer, newest)).toBeUndefined();
  });

  it("stays if the later one was refuted afterwards, and so does that until it is proven again", () => {
    const old = taken(1, { verifiedMs: on(2) });
    const refuted = taken(3, { verifiedMs: on(4), refutedMs: on(5) });
    expect(why(old, refuted)).toBe(LAST);
    expect(why(refuted, old)).toBe(LAST);
    const again = taken(3, { verifiedMs: on(6), refutedMs: on(5) });
    expect(why(old, again)).toBeUndefined();
  });

  it("is proven although its test failed at the frozen copy later", () => {
    const old = taken(1, { verifiedMs: on(2) });
    const unfrozen = { testedMs: on(4), verifiedMs: on(5), refutedMs: on(6) };
    expect(why(old, taken(3, unfrozen))).toBeUndefined();
    expect(why(old, taken(3, { ...unfrozen, testedMs: on(5.5) }))).toBe(LAST);
  });
});
