import fc from "fast-check";
import { expect, test } from "vitest";
import { listingsOf, secretPatterns, secretsFit } from "../../../lib/sla/secret-patterns.ts";

const of = (count: number, name: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => name(index));

test.for<[string, readonly string[], number, readonly string[]]>([
  ["a few, each by its name", ["a/sla", "b/sla", "a/sla"], 8, ["a/sla", "b/sla"]],
  ["many of one ending", of(200, (n) => `db-${n}/sla`), 8, ["*/sla"]],
  ["many in one folder", of(200, (n) => `sla/db-${n}`), 8, ["sla/*"]],
  [
    "many of two endings",
    [...of(100, (n) => `db-${n}/sla`), ...of(100, (n) => `db-${n}/odoo`)],
    1,
    ["*/sla", "*/odoo"],
  ],
  [
    "as many as fit where they are listed once",
    of(70, (n) => `${n}/sla`),
    1,
    of(70, (n) => `${n}/sla`),
  ],
])("%s", ([, names, listings, expected]) => {
  expect(secretPatterns(names, listings)).toEqual(expected);
});

test("many that have nothing in common fit nowhere", () => {
  const names = of(100, (n) => `secret-${n}`);
  expect(secretsFit(names, 3)).toBe(false);
  expect(secretsFit(names.slice(0, 5), 3)).toBe(true);
  expect(secretsFit([...of(1000, (n) => `${n}/sla`), ...names.slice(0, 5)], 3)).toBe(true);
});

test("law: every name is covered by a pattern, and no pattern is for everything", () => {
  const part = fc.stringMatching(/^[a-z0-9-]{1,8}$/);
  const name = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
  fc.assert(
    fc.property(
      fc.array(name, { maxLength: 60 }),
      fc.integer({ min: 1, max: 6 }),
      (names, sites) => {
        const patterns = secretPatterns(names, listingsOf(sites));
        const covers = (pattern: string, each: string) => {
          const [from = "", to = ""] = pattern.split("*");
          return pattern.includes("*")
            ? each.startsWith(from) && each.endsWith(to)
            : pattern === each;
        };
        for (const each of names) expect(patterns.some((it) => covers(it, each))).toBe(true);
        expect(patterns).not.toContain("*");
      },
    ),
  );
});
