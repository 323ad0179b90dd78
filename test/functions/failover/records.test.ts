import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changed, type DnsRecord, rewritten } from "../../../functions/failover/records.ts";

const label = fc.constantFrom("db", "app", "birch");
const name = label.map((each) => `${each}.example.ch`);
const record: fc.Arbitrary<DnsRecord> = fc.record({
  name,
  target: fc.constantFrom("old.example", "new.example", "NEW.example."),
  ttl: fc.integer({ min: 1, max: 300 }),
});
const targets = fc.uniqueArray(name).map((names) => new Map(names.map((n) => [n, "new.example"])));

describe("rewritten records", () => {
  it("lead every given name to its target and leave all others alone", () => {
    fc.assert(
      fc.property(fc.array(record), targets, (records, wanted) => {
        for (const [index, after] of rewritten(records, wanted).entries()) {
          const before = records[index];
          expect(after.target).toBe(wanted.get(after.name) ?? before?.target);
          expect({ ...after, target: "" }).toEqual({ ...before, target: "" });
        }
      }),
    );
  });

  it("do not change again when rewritten again", () => {
    fc.assert(
      fc.property(fc.array(record), targets, (records, wanted) => {
        const once = rewritten(records, wanted);
        expect(changed(once, rewritten(once, wanted))).toEqual([]);
      }),
    );
  });

  it("count as unchanged if only case or a last dot differ", () => {
    const before = [{ name: "db.example.ch", target: "NEW.example.", ttl: 60 }];
    const after = rewritten(before, new Map([["db.example.ch", "new.example"]]));
    expect(changed(before, after)).toEqual([]);
  });
});
