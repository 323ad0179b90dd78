import { readFileSync } from "node:fs";
import { expect, it, test } from "vitest";
import { parseFleet } from "../../../lib/fleet/parse.ts";
import { withImageTests } from "../../cli/harbour-backups.ts";

const HARBOUR = readFileSync("test/fixtures/harbour-fleet.yaml", "utf8");
const TESTED = withImageTests(HARBOUR);
const fleetIn = (text: string) => parseFleet(text, "fleet.yaml");

it("machines are started from images where the fleet says in which network", () => {
  const { sites, plans } = fleetIn(TESTED);
  expect(plans["tug"]?.imageTests).toEqual({ every: "1mo" });
  expect(sites["eu-west-3"]?.imageTests).toEqual({
    ...{ subnet: "subnet-h3t", securityGroup: "sg-h3t" },
  });
});

it("a plan that sells none needs no network", () => {
  const plain = TESTED.replaceAll(/^ +imageTests: \{ subnet.*\n/gm, "").replace(
    /^ +imageTests: \{ every.*\n/m,
    "",
  );
  expect(Object.values(fleetIn(plain).sites).every(({ imageTests }) => !imageTests)).toBe(true);
});

test.each([
  [
    "has no network for them in a place",
    TESTED.replace(/^ +imageTests: \{ subnet: subnet-h3t.*\n/m, ""),
    /sites\.eu-west-3\.imageTests: is missing: .*without any rule, as images of 'tern'/,
  ],
  [
    "starts them among databases, by their group",
    TESTED.replace("sg-h2t", "sg-h2"),
    /eu-south-2\.imageTests\.securityGroup: 'sg-h2' is its securityGroup too/,
  ],
  [
    "starts them in quarantine, which our functions reach",
    TESTED.replace("sg-h2t", "sg-h2q"),
    /'sg-h2q' is its quarantineGroup too/,
  ],
  [
    "starts them among databases, by their subnet",
    TESTED.replace("subnet-h2t", "subnet-h2a"),
    /eu-south-2\.imageTests\.subnet: 'subnet-h2a' is one of its subnets too, where databases are/,
  ],
  [
    "does not say how often",
    TESTED.replace("imageTests: { every: 1mo }", "imageTests: {}"),
    /plans\.tug\.imageTests\.every: /,
  ],
  [
    "says it as nobody can count it",
    TESTED.replace("imageTests: { every: 1mo }", "imageTests: { every: monthly }"),
    /imageTests\.every: .*'monthly'.*a period like 12h/,
  ],
  [
    "names no group",
    TESTED.replace(", securityGroup: sg-h2t", ""),
    /imageTests\.securityGroup: is missing/,
  ],
])("a fleet that %s is refused", (_what, text, said) => {
  expect(() => fleetIn(text)).toThrow(said);
});
