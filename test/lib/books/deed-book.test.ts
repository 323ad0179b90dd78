import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeedBook } from "../../../lib/books/deed-book.ts";
import type { BackupDeed } from "../../../lib/sla/books/happenings.ts";

const deed = fc.record({
  instance: fc.constantFrom("acme", "birch", "cedar"),
  backup: fc.stringMatching(/^b-\d{1,2}$/),
  kind: fc.constantFrom("take", "copy", "delete"),
  region: fc.constantFrom("eu-west-1", "eu-central-1", "ca-central-1", "af-south-1"),
});

/** Records of passes, of which no two have a key and hardly any two a time. */
const passes = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.constantFrom("one", "two")), {
    selector: (each) => each.join(" "),
  })
  .chain((times) =>
    fc.tuple(
      ...times.map(([minute, region]) =>
        fc.array(deed, { maxLength: 30 }).map((deeds): readonly BackupDeed[] => {
          const at = new Date(Date.UTC(2026, 9, 1, 1, minute)).toISOString();
          const key = `backups/2026-10-01/${String(minute).padStart(2, "0")}-${region}.json`;
          return deeds.map((each) => ({ key, at, ...each }));
        }),
      ),
    ),
  );

describe("a book of deeds", () => {
  it("has of each instance what was written, oldest first, whatever came first", () => {
    fc.assert(
      fc.property(passes, fc.infiniteStream(fc.nat()), (records, order) => {
        const book = new DeedBook(["acme", "birch"]);
        const shuffled = records.map((record) => ({ record, rank: order.next().value }));
        for (const { record } of shuffled.toSorted((one, other) => one.rank - other.rank)) {
          book.add(record);
        }
        const all = records
          .toSorted((one, other) => ((one[0]?.key ?? "") < (other[0]?.key ?? "") ? -1 : 1))
          .flat();
        for (const id of ["acme", "birch"]) {
          expect(book.of(id)).toEqual(all.filter(({ instance }) => instance === id));
        }
        expect(book.of("cedar")).toEqual([]);
      }),
    );
  });
});
