import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import {
  amount,
  type Figure,
  figureLines,
  holds,
  median,
  ratio,
  table,
  worst,
} from "../../bench/print.ts";

const WIDTH = 80;
const anyTimes = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 });
const figure = (value: number, limit: number): Figure => ({
  what: "overhead",
  value,
  unit: "s",
  limit,
});

describe("median", () => {
  test.for([
    ["the only value", [3], 3],
    ["the middle one, whatever the order", [9, 1, 5], 5],
    ["the mean of the two in the middle", [4, 1, 3, 2], 2.5],
    ["numbers, not their spelling", [10, 9, 100], 10],
  ] as const)("is %s", ([, values, expected]) => {
    expect(median(values)).toBe(expected);
  });

  it("leaves at most half of the values on either side", () => {
    fc.assert(
      fc.property(anyTimes, (values) => {
        const middle = median(values);
        expect(values.filter((each) => each < middle).length).toBeLessThanOrEqual(
          values.length / 2,
        );
        expect(values.filter((each) => each > middle).length).toBeLessThanOrEqual(
          values.length / 2,
        );
      }),
    );
  });

  it("refuses to make a figure out of nothing", () => {
    expect(() => median([])).toThrow("no values");
    expect(() => worst([])).toThrow("no values");
  });
});

describe("a figure", () => {
  test.for([
    ["holds below its limit", 2.4, true],
    ["holds at its limit", 2.5, true],
    ["does not hold above it", 2.51, false],
    ["does not hold if it is no number", Number.NaN, false],
  ] as const)("%s", ([, value, expected]) => {
    expect(holds(figure(value, 2.5))).toBe(expected);
  });

  it("shows value, ratio, limit and parts", () => {
    const [head, part] = figureLines({ ...figure(2, 2.5), parts: ["RTO 6.75 s - waits 4.75 s"] });
    expect(head).toMatch(/^ok {3}overhead +2\.00 s {2}0\.80 of 2\.50 s allowed$/);
    expect(part?.trim()).toBe("RTO 6.75 s - waits 4.75 s");
  });

  it("says so when it is over", () => {
    expect(figureLines(figure(5, 2.5))[0]).toMatch(/^OVER .* 2\.00 of 2\.50 s allowed$/);
  });

  it.each([
    [0.1234, "0.12 s"],
    [12.345, "12.3 s"],
    [454.4, "454 s"],
  ])("of %d is written %s", (value, expected) => {
    expect(amount(value, "s")).toBe(expected);
  });

  it("is compared with a peer as a share of it", () => {
    expect(ratio(2.5, 5, "s")).toBe("0.50 of 5.00 s");
  });
});

describe("table", () => {
  it("aligns names to the left and numbers to the right", () => {
    expect(
      table(
        ["name", "ms"],
        [
          ["probe", "8"],
          ["watch", "71"],
        ],
      ),
    ).toEqual(["name   ms", "probe   8", "watch  71"]);
  });

  it("never exceeds 80 columns", () => {
    const anyRow = fc.array(fc.string(), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(anyRow, fc.array(anyRow), (head, rows) => {
        for (const line of table(head, rows)) expect(line.length).toBeLessThanOrEqual(WIDTH);
      }),
    );
  });
});
