import { readFileSync } from "node:fs";
import { expect, it, test } from "vitest";
import { parseFleet } from "../../../lib/fleet/parse.ts";
import { FleetError } from "../../../lib/fleet/problem.ts";

const EXAMPLE = readFileSync("examples/fleet.yaml", "utf8");

function refusal(text: string): string {
  try {
    parseFleet(text, "fleet.yaml");
    return "";
  } catch (cause) {
    if (cause instanceof FleetError) return cause.message;
    throw cause;
  }
}

const FEE = "{ amount: 49.00, currency: EUR }";

test.for([
  [
    "half a cent",
    "{ amount: 49.005, currency: EUR }",
    /\[0\]\.fee\.amount: 49\.005: expected .* like 49\.00/,
  ],
  [
    "half a yen",
    "{ amount: 4900.5, currency: JPY }",
    /fee\.amount: 4900\.5: expected an amount with no more/,
  ],
  [
    "less than nothing",
    "{ amount: -1, currency: EUR }",
    /fee\.amount: -1: expected an amount of money from 0/,
  ],
  [
    "more than anybody pays",
    "{ amount: 1e10, currency: EUR }",
    /fee\.amount: 10000000000: expected/,
  ],
  [
    "a currency that nobody has",
    "{ amount: 49, currency: EUX }",
    /fee\.currency: 'EUX': expected an ISO currency/,
  ],
] as const)("a fee of %s is refused", ([, fee, message]) => {
  expect(EXAMPLE).toContain(FEE);
  expect(refusal(EXAMPLE.replace(FEE, fee))).toMatch(message);
});

const sold = (terms: string) =>
  `plans: { sold: { extends: mintsys, ${terms} } }\n${EXAMPLE.replace("plan: mintsys", "plan: sold")}`;
const band = (below: string, from: string) =>
  `credits: { bands: [{ belowPercent: "${below}", fromPercent: "${from}", creditPercent: 5 }], capPercent: 100, claimDays: 30 }`;

test.for([
  [
    "more than all",
    'availability: { objectivePercent: "100.1" }',
    /objectivePercent: '100\.1': expected a percentage/,
  ],
  [
    "a band upside down",
    band("95", "99.9"),
    /bands\[0\]\.fromPercent: .*expected a percentage smaller than belowPercent/,
  ],
  ["an empty band", band("99.90", "99.9"), /bands\[0\]\.fromPercent: .*smaller than belowPercent/],
  ...[0, 100.5, 12.555].map(
    (creditPercent) =>
      [
        `a credit of ${creditPercent} %`,
        band("99.9", "0").replace("creditPercent: 5", `creditPercent: ${creditPercent}`),
        /bands\[0\]\.creditPercent: .*a percentage above 0, up to 100, with at most two decimal/,
      ] as const,
  ),
  [
    "more blind minutes than a month has",
    "availability: { mostUnobservedMinutes: 50000 }",
    /a whole number from 0 to 44700/,
  ],
] as const)("a plan that sells %s is refused", ([, terms, message]) => {
  expect(refusal(sold(terms))).toMatch(message);
});

it("takes credits of half a percent", () => {
  const half = band("99.9", "0").replace("creditPercent: 5", "creditPercent: 12.5");
  const { plans } = parseFleet(sold(half), "");
  expect(plans["sold"]?.credits?.bands).toMatchObject([{ creditPercent: 12.5 }]);
});

it("takes what a plan says of blind minutes and of credits", () => {
  const fleet = parseFleet(
    sold(`availability: { mostUnobservedMinutes: 60 }, ${band("99.9", "0")}`),
    "",
  );
  expect(fleet.plans["sold"]).toMatchObject({
    availability: { objectivePercent: "99.9", mostUnobservedMinutes: 60 },
    credits: { bands: [{ creditPercent: 5 }], claimDays: 30 },
  });
});
