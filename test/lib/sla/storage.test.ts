import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { freePercent, isBelow, storageAlarm } from "../../../lib/sla/storage.ts";

const use = (databaseBytes: number, retainedBytes: number) => ({
  ...{ allocatedBytes: 1000, databaseBytes, retainedBytes },
});

describe("the storage of a primary", () => {
  test.for<[string, number, number, number | undefined]>([
    ["is no news while much is free", 300, 300, undefined],
    ["is news below the bound", 400, 310, 30],
    ["is news again below its half", 400, 460, 15],
    ["is news again below its quarter", 400, 530, 8],
    ["is the worst news when it is full", 400, 700, 8],
    ["is no news of ours if the log has no part in it", 950, 5, undefined],
  ])("%s", ([, databases, retained, bound]) => {
    expect(storageAlarm(use(databases, retained))).toBe(bound);
  });

  it("has a bound of the plan, if it says one", () => {
    expect(storageAlarm(use(300, 300), 50)).toBe(50);
    expect(storageAlarm(use(400, 310), 10)).toBeUndefined();
  });

  it("is below the bound of a plan only if the log has a part in it", () => {
    expect(isBelow(use(400, 510), 10)).toBe(true);
    expect(isBelow(use(400, 499), 10)).toBe(false);
    expect(isBelow(use(995, 5), 10)).toBe(false);
  });

  it("never costs a standby of which nobody was warned", () => {
    const bytes = fc.integer({ min: 0, max: 2000 });
    const bounds = fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 89 }));
    fc.assert(
      fc.property(bytes, bytes, bounds, (databases, retained, [warn, drop]) => {
        fc.pre(drop < warn);
        if (!isBelow(use(databases, retained), drop)) return;
        expect(storageAlarm(use(databases, retained), warn)).toBeDefined();
      }),
    );
  });

  it("never gets better with more log", () => {
    const bytes = fc.integer({ min: 0, max: 2000 });
    fc.assert(
      fc.property(bytes, bytes, bytes, (databases, retained, more) => {
        const [less, worse] = [use(databases, retained), use(databases, retained + more)];
        expect(freePercent(worse)).toBeLessThanOrEqual(freePercent(less));
        expect(storageAlarm(worse) ?? 100).toBeLessThanOrEqual(storageAlarm(less) ?? 100);
      }),
    );
  });
});
