import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { settle } from "../../../../lib/sla/books/availability.ts";
import {
  floorDivide,
  isBelow,
  parsePercent,
  writePercent,
} from "../../../../lib/sla/books/percent.ts";

const minutes = (up: number, down: number, unobserved = 0, maintenance = 0, excluded = 0) => ({
  ...{ up, down, unobserved, maintenance, excluded },
  total: up + down + unobserved + maintenance + excluded,
});

describe("availability", () => {
  test.for([
    ["all of it", 44_640, 0, "100.000000"],
    ["nothing of it", 0, 10, "0.000000"],
    ["rounded down, not to the nearest", 2, 1, "66.666666"],
    ["a minute of a month short of all", 44_639, 1, "99.997759"],
    ["a second decimal of zeros", 99_989, 11, "99.989000"],
    ["so close that rounding would make it all", 999_999_999, 1, "99.999999"],
  ] as const)("%s", ([, up, down, written]) => {
    expect(settle(minutes(up, down), {}).availability).toBe(written);
  });

  it("is nothing without a minute up or down", () => {
    expect(settle(minutes(0, 0, 10, 20, 30), { percent: "99.9" })).toEqual({
      ...{ availability: null, objective: "99.9", held: null, provable: false },
      errorBudgetMinutes: null,
    });
  });

  it.each([undefined, "99.9"])("proves nothing of no minutes at all: %s", (percent) => {
    expect(settle(minutes(0, 0), { percent })).toMatchObject({ held: null, provable: false });
    expect(settle(minutes(0, 0), { percent, mostUnobserved: 0 }).provable).toBe(false);
  });

  it("counts neither maintenance nor what is excluded nor what nobody saw", () => {
    expect(settle(minutes(999, 1, 5000, 5000, 5000), {}).availability).toBe("99.900000");
  });
});

describe("an objective", () => {
  test.for([
    ["held exactly", "99.9", 999, 1, true, 0],
    ["missed by a minute of a thousand", "99.9", 998, 2, false, -1],
    ["missed by less than the six places show", "99.9", 998_999_999, 1_000_001, false, -1],
    ["99.9 % of 31 days: 44 minutes", "99.9", 44_640 - 44, 44, true, 0],
    ["and not 45", "99.9", 44_640 - 45, 45, false, -1],
    ["99.99 % of 31 days: 4 minutes", "99.99", 44_640 - 4, 4, true, 0],
    ["and not 5", "99.99", 44_640 - 5, 5, false, -1],
    ["a budget untouched, rounded down", "99.9", 44_640, 0, true, 44],
    ["everything", "100", 44_640, 0, true, 0],
    ["everything but a minute", "100", 44_639, 1, false, -1],
    ["many places", "99.999999999", 44_640, 0, true, 0],
  ] as const)("%s", ([, percent, up, down, held, errorBudgetMinutes]) => {
    const settled = settle(minutes(up, down), { percent });
    expect(settled).toMatchObject({ objective: percent, held, errorBudgetMinutes });
  });

  it("that nobody made is neither held nor missed", () => {
    expect(settle(minutes(10, 10), {})).toMatchObject({
      ...{ objective: null, held: null, errorBudgetMinutes: null },
    });
  });

  test("holds exactly where the budget is not overdrawn", () => {
    const amounts = fc.integer({ min: 0, max: 45_000 });
    const percents = fc.integer({ min: 1, max: 10_000 }).map((hundredths) => `${hundredths / 100}`);
    fc.assert(
      fc.property(amounts, amounts, percents, (up, down, percent) => {
        const { held, errorBudgetMinutes: left } = settle(minutes(up, down), { percent });
        expect(held).toBe(left === null ? null : left >= 0);
      }),
    );
  });
});

describe("a month is provable", () => {
  test.for([
    ["seen from end to end", minutes(1000, 0), "99.9", undefined, true],
    ["a minute unseen that the budget could bear", minutes(999, 0, 1), "99.9", undefined, true],
    ["two that it could not", minutes(998, 0, 2), "99.9", undefined, false],
    ["one, the budget being spent", minutes(998, 1, 1), "99.9", undefined, false],
    ["missed, whatever nobody saw", minutes(900, 50, 50), "99.9", undefined, true],
    ["missed, unless what nobody saw was good", minutes(998, 2, 1000), "99.9", undefined, false],
    ["nothing seen", minutes(0, 0, 1000), "99.9", undefined, false],
    ["nothing but maintenance", minutes(0, 0, 0, 1000), "99.9", undefined, true],
    ["as many unseen as was agreed", minutes(900, 0, 100), "99.9", 100, true],
    ["more than was agreed", minutes(1000, 0, 1), "99.9", 0, false],
    ["no objective, all seen", minutes(900, 100), undefined, undefined, true],
    ["no objective, one unseen", minutes(900, 100, 1), undefined, undefined, false],
  ] as const)("%s", ([, seen, percent, mostUnobserved, provable]) => {
    expect(settle(seen, { percent, mostUnobserved }).provable).toBe(provable);
  });
});

describe("percentages", () => {
  test.for([
    ["99.9", 999n, 1000n],
    ["99.99", 9999n, 10_000n],
    ["100", 100n, 100n],
    ["100.00", 10_000n, 10_000n],
    ["0", 0n, 100n],
    [" 95.0 ", 950n, 1000n],
    ["05", 5n, 100n],
  ] as const)("%s is meant exactly", ([text, parts, whole]) => {
    expect(parsePercent(text)).toEqual({ parts, whole });
  });

  test.for(["", "abc", "-1", "+99", "99,9", "99.", ".9", "1e2", "99.9%", "NaN", "99.0123456789"])(
    "'%s' is none",
    (text) => {
      expect(() => parsePercent(text)).toThrow(/is no percentage: expected a number like 99\.9/);
    },
  );

  it("are at most all", () => {
    expect(() => parsePercent("100.000000001")).toThrow(/more than all: expected .* up to 100/);
  });

  it("are below one another only strictly", () => {
    expect(isBelow(parsePercent("99.9"), parsePercent("99.90"))).toBe(false);
    expect(isBelow(parsePercent("99.899999999"), parsePercent("99.9"))).toBe(true);
  });

  it("are written rounded down, and read again never above what was written", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.nat(1e9), (whole, any) => {
        const share = { parts: BigInt(any % (whole + 1)), whole: BigInt(whole) };
        const written = writePercent(share);
        expect(written).toMatch(/^\d{1,3}\.\d{6}$/);
        expect(isBelow(share, parsePercent(written))).toBe(false);
        const next = { parts: parsePercent(written).parts + 1n, whole: 100_000_000n };
        expect(isBelow(share, next)).toBe(true);
      }),
    );
  });

  test.for([
    [7n, 2n, 3n],
    [-7n, 2n, -4n],
    [-8n, 2n, -4n],
    [0n, 2n, 0n],
  ] as const)("%i by %i is %i, never upwards", ([amount, by, result]) => {
    expect(floorDivide(amount, by)).toBe(result);
  });
});
