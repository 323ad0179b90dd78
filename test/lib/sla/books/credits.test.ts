import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { type Bill, creditFor } from "../../../../lib/sla/books/credits.ts";
import { decimalOf, moneyOf, moneyText, percentOf } from "../../../../lib/sla/books/money.ts";
import { monthSpan } from "../../../../lib/sla/books/month.ts";
import { parsePercent } from "../../../../lib/sla/books/percent.ts";
import { PRESETS } from "../../../../lib/sla/presets.ts";

const BRUSSELS = "Europe/Brussels";
const OCTOBER: Bill = { endMs: monthSpan("2026-10", BRUSSELS).toMs, timezone: BRUSSELS };
const sold = (plan: string) => PRESETS[plan]?.credits;
const percentAt = (availability: string, plan = "cloudpepper-high") =>
  creditFor(parsePercent(availability), sold(plan), OCTOBER)?.percent ?? 0;

describe("a credit", () => {
  test.for([
    ["100", 0],
    ["99.9", 0],
    ["99.899999999", 5],
    ["99.5", 5],
    ["99.0", 5],
    ["98.999999999", 10],
    ["95.0", 10],
    ["94.999999999", 25],
    ["0", 25],
  ] as const)("at %s %% of a month sold at 99.9 %% is %i %%", ([availability, percent]) => {
    expect(percentAt(availability)).toBe(percent);
  });

  test.for([
    ["99.99", 0],
    ["99.989999999", 5],
    ["99.9", 5],
    ["99.0", 5],
    ["98.999999999", 10],
    ["94.999999999", 25],
  ] as const)("at %s %% of a month sold at 99.99 %% is %i %%", ([availability, percent]) => {
    expect(percentAt(availability, "cloudpepper-dedicated")).toBe(percent);
  });

  it("looks at the fraction and not at six places of it", () => {
    const justBelow = { parts: 998_999_999n, whole: 1_000_000_000n };
    expect(creditFor(justBelow, sold("cloudpepper-high"), OCTOBER)?.percent).toBe(5);
  });

  it("is nothing where none was sold, or where no minute was up or down", () => {
    expect(creditFor(parsePercent("50"), sold("mintsys"), OCTOBER)).toBeUndefined();
    expect(creditFor(undefined, sold("cloudpepper-high"), OCTOBER)).toBeUndefined();
  });

  it("is at most the cap, and of overlapping bands the better one", () => {
    const bands = [
      { belowPercent: "99.9", fromPercent: "95", creditPercent: 10 },
      { belowPercent: "99.0", fromPercent: "0", creditPercent: 60 },
    ];
    const credits = { bands, capPercent: 50, claimDays: 30 };
    expect(creditFor(parsePercent("98"), credits, OCTOBER)?.percent).toBe(50);
    expect(creditFor(parsePercent("99.5"), credits, OCTOBER)?.percent).toBe(10);
  });

  it("never shrinks where less was available", () => {
    const millionths = fc.integer({ min: 0, max: 100_000_000 });
    const at = (parts: number, plan: string) =>
      creditFor({ parts: BigInt(parts), whole: 100_000_000n }, sold(plan), OCTOBER)?.percent ?? 0;
    const plans = fc.constantFrom("cloudpepper-high", "cloudpepper-dedicated");
    fc.assert(
      fc.property(millionths, millionths, plans, (one, other, plan) => {
        const [less, more] = one < other ? [one, other] : [other, one];
        expect(at(less, plan)).toBeGreaterThanOrEqual(at(more, plan));
      }),
    );
  });
});

describe("a claim", () => {
  test.for([
    ["2026-10", BRUSSELS, "2026-11-30T23:00:00.000Z"],
    ["2026-02", BRUSSELS, "2026-03-30T22:00:00.000Z"],
    ["2026-01", "UTC", "2026-03-03T00:00:00.000Z"],
  ] as const)("for %s in %s can be made for thirty whole days", ([month, timezone, before]) => {
    const bill = { endMs: monthSpan(month, timezone).toMs, timezone };
    const credit = creditFor(parsePercent("98"), sold("cloudpepper-high"), bill);
    expect(new Date(credit?.claimBeforeMs ?? 0).toISOString()).toBe(before);
  });
});

describe("money", () => {
  test.for([
    [49, "EUR", 4900n, "49.00", "€49.00"],
    [49.9, "EUR", 4990n, "49.90", "€49.90"],
    [0.07, "EUR", 7n, "0.07", "€0.07"],
    [1234.56, "CHF", 123_456n, "1234.56", "CHF 1,234.56"],
    [4900, "JPY", 4900n, "4900", "¥4,900"],
    [1.234, "KWD", 1234n, "1.234", "KWD 1.234"],
    [0, "EUR", 0n, "0.00", "€0.00"],
  ] as const)("%d %s is exact", ([amount, currency, minor, decimal, text]) => {
    const money = moneyOf({ amount, currency });
    expect(money).toEqual({ minor, currency });
    expect(decimalOf(money)).toBe(decimal);
    expect(moneyText(money).replaceAll("\u00A0", " ")).toBe(text);
  });

  test.for([
    [49.999, "EUR"],
    [0.5, "JPY"],
    [-1, "EUR"],
    [1e-7, "EUR"],
    [1e21, "EUR"],
    [Number.NaN, "EUR"],
  ] as const)("%d %s is none", ([amount, currency]) => {
    expect(() => moneyOf({ amount, currency })).toThrow(/expected an amount with at most \d/);
  });

  it("is shared out in whole coins, upwards", () => {
    expect(percentOf({ minor: 4999n, currency: "EUR" }, 5)).toEqual({
      minor: 250n,
      currency: "EUR",
    });
    expect(percentOf({ minor: 2900n, currency: "EUR" }, 10).minor).toBe(290n);
    expect(percentOf({ minor: 1n, currency: "EUR" }, 5).minor).toBe(1n);
    expect(percentOf({ minor: 0n, currency: "EUR" }, 25).minor).toBe(0n);
    expect(percentOf({ minor: 4900n, currency: "EUR" }, 12.5).minor).toBe(613n);
    expect(percentOf({ minor: 10_000n, currency: "EUR" }, 12.55).minor).toBe(1255n);
    expect(percentOf({ minor: 3n, currency: "JPY" }, 33.33).minor).toBe(1n);
  });
});
