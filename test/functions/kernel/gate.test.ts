import fc from "fast-check";
import { expect, it } from "vitest";
import { gate } from "../../../functions/kernel/lanes.ts";

it("a gate lets no more through than it may, everybody in turn, whoever fails", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.boolean(), { maxLength: 30 }),
      async (limit, fails) => {
        const enter = gate(limit);
        const begun: number[] = [];
        let inside = 0;
        let most = 0;
        const outcomes = await Promise.allSettled(
          fails.map((isFailing, index) =>
            enter(async () => {
              begun.push(index);
              inside += 1;
              most = Math.max(most, inside);
              await Promise.resolve();
              inside -= 1;
              if (isFailing) throw new Error("fell over");
              return index;
            }),
          ),
        );
        expect(most).toBeLessThanOrEqual(limit);
        expect(begun).toEqual(fails.map((_, index) => index));
        expect(outcomes.map(({ status }) => status === "rejected")).toEqual(fails);
      },
    ),
  );
});
