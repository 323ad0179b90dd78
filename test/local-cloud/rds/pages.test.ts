import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Page, pageOf } from "../../../lib/local-cloud/rds/pages.ts";

const key = (item: string) => item;

/** All pages, `meanwhile` being done to the list after each. */
function readAll(list: string[], size: number, meanwhile: (seen: Page<string>) => void = () => {}) {
  const pages: Page<string>[] = [];
  for (let marker: string | undefined; ; ) {
    const page = pageOf(list, key, { MaxRecords: size, Marker: marker });
    pages.push(page);
    meanwhile(page);
    marker = page.marker;
    if (marker === undefined) return pages;
  }
}

const anyList = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { maxLength: 130 });
const anySize = fc.integer({ min: 20, max: 100 });

describe("pages", () => {
  it("together hold every item once, in order, none larger than asked", () => {
    fc.assert(
      fc.property(anyList, anySize, (list, size) => {
        const pages = readAll(list, size);
        expect(pages.flatMap(({ items }) => items)).toEqual(
          list.toSorted((a, b) => (a < b ? -1 : 1)),
        );
        expect(pages.every(({ items }) => items.length <= size)).toBe(true);
        expect(pages.slice(0, -1).every(({ items }) => items.length === size)).toBe(true);
      }),
    );
  });

  it("shift nothing when what was already seen disappears between two of them", () => {
    fc.assert(
      fc.property(anyList, anySize, (list, size) => {
        const living = [...list];
        const pages = readAll(living, size, ({ items }) => {
          for (const item of items) living.splice(living.indexOf(item), 1);
        });
        expect(pages.flatMap(({ items }) => items)).toHaveLength(list.length);
      }),
    );
  });

  it.for([
    ["a size of 19", { MaxRecords: 19 }],
    ["a size of 101", { MaxRecords: 101 }],
    ["a marker of somebody else", { Marker: "abc" }],
  ] as const)("refuse %s", ([, request]) => {
    expect(() => pageOf(["a"], key, request)).toThrow();
  });
});
