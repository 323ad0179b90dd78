import fc from "fast-check";
import { expect, it } from "vitest";
import { inLanes } from "../../../functions/kernel/lanes.ts";

/** Each takes as many turns as it says; a negative number fails after so many. */
const turnsOf = fc.array(
  fc.integer({ min: -4, max: 4 }).filter((turns) => turns !== 0),
  { maxLength: 20 },
);

it("does all in lanes, or rejects with what failed first, once nothing is under way", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), turnsOf, async (limit, items) => {
      let inside = 0;
      let most = 0;
      const begun: number[] = [];
      const failed: number[] = [];
      const done = inLanes(limit, items, async (turns, index) => {
        expect(failed).toEqual([]);
        begun.push(index);
        inside += 1;
        most = Math.max(most, inside);
        for (let turn = 0; turn < Math.abs(turns); turn += 1) await Promise.resolve();
        inside -= 1;
        if (turns > 0) return index;
        failed.push(index);
        throw index;
      });
      const outcome = await done.then(
        (results) => ({ results }),
        (first: unknown) => ({ first }),
      );
      expect(inside).toBe(0);
      expect(most).toBeLessThanOrEqual(limit);
      expect(begun).toEqual(begun.map((_, index) => index));
      expect(outcome).toEqual(
        items.every((turns) => turns > 0)
          ? { results: items.map((_, index) => index) }
          : { first: failed[0] },
      );
    }),
  );
});
