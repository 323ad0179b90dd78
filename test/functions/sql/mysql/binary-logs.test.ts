import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesBeyond } from "../../../../functions/sql/mysql/binary-logs.ts";

const log = (number: number, bytes: number) => ({
  Log_name: `mysql-bin-changelog.${String(number).padStart(6, "0")}`,
  File_size: bytes,
});
const LOGS = [log(11, 1000), log(12, 500), log(13, 200)];
const at = (number: number, byte: number) => `${log(number, 0).Log_name}:${byte}`;

test.each([
  ["whoever is at the end", at(13, 200), 0],
  ["whoever is in the last file", at(13, 50), 150],
  ["whoever is a file behind", at(12, 500), 200],
  ["whoever is at the beginning of one", at(12, 4), 696],
  ["whoever needs what is purged", at(7, 90), 1700],
  ["whoever is further than was listed", at(14, 4), 0],
  ["whoever follows another log", "binlog.000001:4", 0],
  ["whoever says nothing", undefined, 0],
])("for %s", (_who, position, bytes) => {
  expect(bytesBeyond(LOGS, position)).toBe(bytes);
});

test("who comes further has no more kept for them, and all together at most", () => {
  const place = fc.tuple(fc.integer({ min: 10, max: 14 }), fc.integer({ min: 0, max: 1000 }));
  fc.assert(
    fc.property(place, place, (one, other) => {
      const [first, second] = [one, other].toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
      const [more, less] = [first, second].map((each) => bytesBeyond(LOGS, at(...(each ?? one))));
      expect(less).toBeLessThanOrEqual(more ?? 0);
      expect(more).toBeLessThanOrEqual(1700);
    }),
  );
});
