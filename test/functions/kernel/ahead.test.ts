import { describe, expect, it } from "vitest";
import { aheadInLanes } from "../../../functions/kernel/lanes.ts";

describe("work that is ahead of whoever takes it", () => {
  it("comes in order, and no more of it is begun than was asked for", async () => {
    const items = Array.from({ length: 40 }, (_, index) => index);
    let begun = 0;
    const taken: number[] = [];
    for await (const each of aheadInLanes(5, items, async (item) => {
      begun += 1;
      // The first ones take longest.
      for (let turn = 0; turn < 40 - item; turn += 1) await Promise.resolve();
      return item;
    })) {
      taken.push(each);
      expect(begun - taken.length).toBeLessThan(5);
    }
    expect(taken).toEqual(items);
  });

  it("fails where the turn of what failed is, also if others failed before", async () => {
    const work = async (item: number) => {
      if (item === 2 || item === 3) throw new Error(`${item} fails`);
      if (item === 1) await new Promise(setImmediate);
      return item;
    };
    const taken: number[] = [];
    const taking = async () => {
      for await (const each of aheadInLanes(4, [0, 1, 2, 3, 4], work)) taken.push(each);
    };
    await expect(taking()).rejects.toThrow("2 fails");
    expect(taken).toEqual([0, 1]);
  });

  it("is nothing where there is nothing to do", async () => {
    expect(await Array.fromAsync(aheadInLanes(3, [], async () => 1))).toEqual([]);
  });
});
