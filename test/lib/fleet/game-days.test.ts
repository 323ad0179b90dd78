import { readFileSync } from "node:fs";
import { expect, it, test } from "vitest";
import { parseFleet } from "../../../lib/fleet/parse.ts";

const HARBOUR = readFileSync("test/fixtures/harbour-fleet.yaml", "utf8");
const GROUPED = HARBOUR.replaceAll(
  /^( +)quarantineGroup: (sg-h\d)q$/gm,
  "$1quarantineGroup: $2q\n$1gameDayGroup: $2g",
);
const flagged = (text = GROUPED, id = "tern", more = "") =>
  text.replace(`  - id: ${id}\n`, `  - id: ${id}\n    gameDay: true\n${more}`);
const fleetIn = (text: string) => parseFleet(text, "fleet.yaml");

it("no primary may be cut off unless the fleet says so", () => {
  expect(fleetIn(GROUPED).instances.map(({ gameDay }) => gameDay)).toEqual([undefined, undefined]);
  const { instances, sites } = fleetIn(flagged());
  expect(instances.map(({ gameDay }) => gameDay)).toEqual([true, undefined]);
  expect(sites["eu-south-2"]?.gameDayGroup).toBe("sg-h2g");
});

test.each([
  ["without groups", flagged(HARBOUR), /sites\.eu-south-2\.gameDayGroup: is missing: .*'tern'/],
  [
    "without a group in the standby's region",
    flagged(GROUPED.replace("    gameDayGroup: sg-h1g\n", "")),
    /sites\.eu-west-1\.gameDayGroup: is missing/,
  ],
  ["without a standby", flagged(GROUPED, "gull"), /gameDay: nobody takes over: expected standby:/],
  [
    "that waits for a person",
    flagged(GROUPED, "tern", "    failover: approval\n"),
    /gameDay: failover is 'approval', so nothing recovers by itself: expected automatic/,
  ],
  [
    "in the group of all databases",
    flagged(GROUPED.replace("sg-h2g", "sg-h2")),
    /eu-south-2\.gameDayGroup: 'sg-h2' is its securityGroup too/,
  ],
  [
    "in quarantine",
    flagged(GROUPED.replace("sg-h2g", "sg-h2q")),
    /eu-south-2\.gameDayGroup: 'sg-h2q' is its quarantineGroup too/,
  ],
  [
    "that may be false",
    GROUPED.replace("  - id: tern\n", "  - id: tern\n    gameDay: false\n"),
    /gameDay: .*true, or leave it out/,
  ],
  [
    "of a customer",
    flagged(
      GROUPED.replace(
        "\ninstances:\n",
        "\ncustomers: { issuer: https://id.harbour.example, audience: [sla] }\ninstances:\n",
      ),
      "tern",
      "    customers: [one]\n",
    ),
    /gameDay: it has customers:, so it is a customer's/,
  ],
])("a game day %s is refused", (_, text, message) => {
  expect(() => fleetIn(text)).toThrow(message);
});
