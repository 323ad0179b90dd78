import { describe, expect, it } from "vitest";
import {
  brokenDays,
  forgottenDaily,
  instants,
  judged,
  rotatedDaily,
  USUAL,
} from "../../bench/restic/course.ts";
import { kept } from "../../bench/restic/rule.ts";

const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const names = (all: ReadonlySet<number>) => [...all].toSorted((one, other) => one - other).map(day);

describe("restic's rule", () => {
  it("lets one snapshot stand for its day, its week and its month", () => {
    const all = instants(200).filter((ms) => day(ms) <= "2024-06-30");
    expect(names(kept(all, USUAL))).toEqual([
      ...["2024-04-30", "2024-05-31", "2024-06-09", "2024-06-16", "2024-06-23", "2024-06-24"],
      ...["2024-06-25", "2024-06-26", "2024-06-27", "2024-06-28", "2024-06-29", "2024-06-30"],
    ]);
  });

  it.each([
    [false, ["2024-01-19", "2024-01-20"]],
    [true, ["2024-01-01", "2024-01-19", "2024-01-20"]],
  ])("gives places that are left to the very oldest: %s", (givesRestToOldest, expected) => {
    const keep = { daily: 2, weekly: 0, monthly: 3, givesRestToOldest };
    expect(names(kept(instants(20), keep))).toEqual(expected);
  });
});

describe("14 full backups for at least 3 months", () => {
  const theirs = judged(forgottenDaily(instants(400), USUAL));
  const ours = judged(rotatedDaily(400));

  it("is kept by our rotation at every instant", () => {
    expect(ours.violations).toEqual([]);
    expect(ours.clauses.map(({ name }) => brokenDays(ours, name))).toEqual([0, 0, 0, 0, 0]);
  });

  it("is broken by the usual rule, which never holds 14 and rarely anything so old", () => {
    const broken = theirs.clauses.filter(({ ok }) => !ok).map(({ name }) => name);
    expect(broken).toEqual(expect.arrayContaining(["months", "count", "age"]));
    expect(theirs.violations.every(({ avoidable }) => avoidable)).toBe(true);
    const count = theirs.clauses.find(({ name }) => name === "count");
    expect(count?.worst ?? 14).toBeLessThan(13);
  });

  it("counts a day once, however many periods are broken on it", () => {
    expect(brokenDays(theirs, "weeks")).toBeLessThanOrEqual(400);
    expect(brokenDays(theirs, "months")).toBeGreaterThan(0);
  });
});
