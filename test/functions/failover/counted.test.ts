import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changedSince } from "../../../functions/failover/counted.ts";

const counted = (deleted: number, updated: number, counting = "1 2") => ({
  ...{ deleted, updated, counting },
});

describe("changedSince", () => {
  it("is the difference while the server goes on counting", () => {
    expect(changedSince(counted(10, 20), counted(13, 20))).toEqual({ deleted: 3, updated: 0 });
  });

  it.each([
    ["nobody asked before", undefined, counted(1, 1)],
    ["it does not say now", counted(1, 1), undefined],
    ["it crashed meanwhile, and has counted further since", counted(1, 1), counted(9, 9, "1 3")],
    ["it counts less than before", counted(5, 5), counted(4, 9)],
  ])("is unknown where %s", (_, before, now) => {
    expect(changedSince(before, now)).toBeUndefined();
  });

  it("is never less than what was deleted in between", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), (before, unseen, since) => {
        // What was not counted yet at the look before is counted as well: a bound, not a number.
        const found = changedSince(counted(before, 0), counted(before + unseen + since, 0));
        expect(found?.deleted).toBeGreaterThanOrEqual(since);
      }),
    );
  });
});
