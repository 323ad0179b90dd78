import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  batchesOf,
  type Rewrite,
  weightOf,
  writeAll,
} from "../../../functions/failover/record-batches.ts";

const record = fc.record({
  name: fc.constantFrom("db.example.ch", "app.example.ch"),
  target: fc.string({ minLength: 1, maxLength: 120 }),
  ttl: fc.constant(60),
});
const rewrites = fc
  .array(fc.array(record, { minLength: 1, maxLength: 4 }), { maxLength: 400 })
  .map((all) => all.map((records, index): Rewrite => ({ instance: `i${index}`, records })));

const sumOf = (batch: readonly Rewrite[], of: "values" | "characters") =>
  batch.reduce((sum, each) => sum + weightOf(each)[of], 0);

/** 133 instances of four records with names of RDS's length: 32,000 characters, each counted twice. */
const fleet = (count: number): readonly Rewrite[] =>
  Array.from({ length: count }, (_, index) => ({
    instance: `i${index}`,
    records: Array(4).fill({ name: "db.example.ch", target: "t".repeat(30), ttl: 60 }),
  }));

describe("batches of records", () => {
  it("hold everybody once, in order, each whole and within the limits of Route 53", () => {
    fc.assert(
      fc.property(rewrites, (all) => {
        const batches = batchesOf(all);
        expect(batches.flat()).toEqual(all);
        for (const batch of batches) {
          expect(sumOf(batch, "values")).toBeLessThanOrEqual(1000);
          expect(sumOf(batch, "characters")).toBeLessThanOrEqual(32_000);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("are as few as can be: the next one of each would not have fitted", () => {
    fc.assert(
      fc.property(rewrites, (all) => {
        const batches = batchesOf(all);
        for (const [index, batch] of batches.entries()) {
          const [next] = batches[index + 1] ?? [];
          if (!next) continue;
          const fuller = [...batch, next];
          const fits = sumOf(fuller, "values") <= 1000 && sumOf(fuller, "characters") <= 32_000;
          expect(fits).toBe(false);
        }
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    [1, 1],
    [125, 1],
    [126, 2],
    [250, 2],
  ])("%i instances with a database and an application are %i", (instances, batches) => {
    expect(batchesOf(fleet(instances))).toHaveLength(batches);
  });
});

describe("writing them", () => {
  it("finds all who are refused for themselves, and writes everybody else", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.nat(59)),
        async (count, refused) => {
          const bad = new Set(refused.filter((index) => index < count).map((each) => `i${each}`));
          const all = fleet(count).map((each) => ({
            ...each,
            records: each.records.map((one) => ({ ...one, name: each.instance })),
          }));
          const signpost = {
            write: async (_zone: string, records: readonly { name: string }[]) => {
              if (records.some(({ name }) => bad.has(name))) throw new Error("refused");
              return "change";
            },
          };
          const written = await writeAll(signpost, "Z1", all, () => true);
          expect(written.map(({ instance }) => instance).toSorted()).toEqual(
            all.map(({ instance }) => instance).toSorted(),
          );
          const failed = written.flatMap((each) => ("failure" in each ? [each.instance] : []));
          expect(new Set(failed)).toEqual(bad);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("asks once where nothing is refused but nobody answers", async () => {
    let calls = 0;
    const signpost = {
      write: async () => {
        calls += 1;
        throw new Error("no answer");
      },
    };
    const written = await writeAll(signpost, "Z1", fleet(100), () => false);
    expect(calls).toBe(1);
    expect(written.every((each) => "failure" in each)).toBe(true);
  });
});
