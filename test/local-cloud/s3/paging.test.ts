import fc from "fast-check";
import { expect, it } from "vitest";
import { pageOf } from "../../../lib/local-cloud/s3/paging.ts";

const key = fc.string({ unit: fc.constantFrom("a", "b", "/"), minLength: 1, maxLength: 5 });

it("pages hold together what one page would hold, whatever their size", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(key),
      fc.constantFrom("", "/", "b"),
      fc.constantFrom("", "a", "a/"),
      fc.integer({ min: 1, max: 4 }),
      (keys, delimiter, prefix, max) => {
        const whole = pageOf(keys, { prefix, delimiter, after: "", max: 1000 });
        const found = { keys: [] as string[], prefixes: [] as string[] };
        for (let after: string | undefined = ""; after !== undefined; ) {
          const page = pageOf(keys, { prefix, delimiter, after, max });
          found.keys.push(...page.keys);
          found.prefixes.push(...page.prefixes);
          after = page.isTruncated ? page.last : undefined;
        }
        expect(found).toEqual({ keys: whole.keys, prefixes: whole.prefixes });
      },
    ),
  );
});

it("every key is listed itself or below a prefix", () => {
  fc.assert(
    fc.property(fc.uniqueArray(key), fc.constantFrom("", "/"), (keys, delimiter) => {
      const { keys: listed, prefixes } = pageOf(keys, {
        prefix: "",
        delimiter,
        after: "",
        max: 1000,
      });
      for (const each of keys)
        expect(listed.includes(each) || prefixes.some((prefix) => each.startsWith(prefix))).toBe(
          true,
        );
    }),
  );
});
