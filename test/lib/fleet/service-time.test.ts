import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseFleet } from "../../../lib/fleet/parse.ts";

const EXAMPLE = readFileSync("examples/fleet.yaml", "utf8");
const written = (lines: string) =>
  EXAMPLE.replace("    plan: mintsys\n", `    plan: mintsys\n${lines}`);

it("takes a day or an instant for when an instance began and ended", () => {
  const fleet = parseFleet(
    written("    began: 2026-10-15\n    ended: 2026-12-01T09:00:00+01:00\n"),
    "fleet.yaml",
  );
  expect(fleet.instances[0]).toMatchObject({
    began: "2026-10-15",
    ended: "2026-12-01T09:00:00+01:00",
  });
});

it.each([
  [
    "    began: 2026-02-30\n",
    /instances\[0\]\.began: '2026-02-30': expected a day like 2026-10-15/,
  ],
  ["    began: 15.10.2026\n", /instances\[0\]\.began: .*expected a day like/],
  ["    began: 2026-10-15T09:00\n", /instances\[0\]\.began: .*or an instant like/],
  [
    "    began: 2026-10-15\n    ended: 2026-10-15\n",
    /instances\[0\]\.ended: '2026-10-15' is not after began, '2026-10-15'; are they swapped\?/,
  ],
])("refuses %j", (lines, problem) => {
  expect(() => parseFleet(written(lines), "fleet.yaml")).toThrow(problem);
});
