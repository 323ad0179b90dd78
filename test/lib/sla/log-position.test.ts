import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { hasReached, isBeyond, logBetween } from "../../../lib/sla/log-position.ts";

const binlog = (file: number, byte: number, name = "mysql-bin-changelog") =>
  `${name}.${String(file).padStart(6, "0")}:${byte}`;

describe("positions in a log", () => {
  test.each([
    ["a later byte", "0/B374D848", "0/B374D847", true],
    ["a later segment", "1/0", "0/FFFFFFFF", true],
    ["the same byte", "0/5", "0/5", false],
    ["a later byte of a file", binlog(12, 400), binlog(12, 399), true],
    ["a later file, however short", binlog(13, 4), binlog(12, 99_999), true],
    ["a file with more digits", binlog(1_000_000, 4), binlog(999_999, 4), true],
    ["the same place of a file", binlog(12, 4), binlog(12, 4), false],
    ["a log of another name", binlog(13, 4, "other"), binlog(12, 4), false],
    ["a log of another kind", binlog(13, 4), "0/5", false],
    ["nothing known", undefined, binlog(12, 4), false],
    ["no position", "unknown", binlog(12, 4), false],
  ] as const)("%s", (_what, later, earlier, beyond) => {
    expect(isBeyond(later, earlier)).toBe(beyond);
  });

  it("are reached by whoever is there or further, and by nobody of whom it cannot be said", () => {
    expect(hasReached(binlog(12, 4), binlog(12, 4))).toBe(true);
    expect(hasReached(binlog(13, 4), binlog(12, 4))).toBe(true);
    expect(hasReached(binlog(12, 3), binlog(12, 4))).toBe(false);
    expect(hasReached(binlog(99, 4, "other"), binlog(12, 4))).toBe(false);
    expect(hasReached(undefined, undefined)).toBe(false);
  });

  it("lie bytes apart where they are in one file", () => {
    expect(logBetween("0/10", "1/0")).toBe(2 ** 32 - 16);
    expect(logBetween(binlog(12, 100), binlog(12, 250))).toBe(150);
    expect(logBetween(binlog(12, 100), binlog(13, 4))).toBeUndefined();
    expect(logBetween("0/10", binlog(13, 4))).toBeUndefined();
  });

  it("are in one order, whatever they are of", () => {
    const place = fc.tuple(
      fc.integer({ min: 1, max: 2_000_000 }),
      fc.integer({ min: 4, max: 2 ** 30 }),
    );
    fc.assert(
      fc.property(place, place, ([f, a], [g, b]) => {
        const [one, other] = [binlog(f, a), binlog(g, b)];
        const ahead = f === g ? a > b : f > g;
        expect(isBeyond(one, other)).toBe(ahead);
        expect(hasReached(other, one)).toBe(!ahead);
      }),
      {
        examples: [
          [
            [12, 9],
            [12, 10],
          ],
          [
            [999_999, 4],
            [1_000_000, 4],
          ],
        ],
      },
    );
  });
});
