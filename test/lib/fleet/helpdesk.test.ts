import { readFileSync } from "node:fs";
import { expect, it, test } from "vitest";
import { parseFleet } from "../../../lib/fleet/parse.ts";

const EXAMPLE = readFileSync("examples/fleet.yaml", "utf8");
const ISSUER = "https://login.mintsys.example";
const HELPDESK = `{ issuer: ${ISSUER}, audience: [tickets], scope: tickets:write }`;

/** The example with a helpdesk, and customers of the same issuer. */
const written = (helpdesk: string, customers = `{ issuer: ${ISSUER}/, audience: [copies] }`) =>
  EXAMPLE.replace("\nprovider:\n", `\nprovider:\n  helpdesk: ${helpdesk}\n`).replace(
    "\ninstances:\n",
    `\ncustomers: ${customers}\ninstances:\n`,
  );

function problem(text: string): string {
  try {
    parseFleet(text, "fleet.yaml");
  } catch (cause) {
    return String(cause);
  }
  throw new Error("nothing was wrong");
}

it("a fleet may name a helpdesk beside customers of the same issuer", () => {
  expect(parseFleet(written(HELPDESK), "fleet.yaml").provider.helpdesk).toEqual({
    ...{ issuer: ISSUER, audience: ["tickets"], scope: "tickets:write" },
  });
  const elsewhere = `{ issuer: https://other.example, audience: [tickets] }`;
  expect(parseFleet(written(HELPDESK, elsewhere), "fleet.yaml").provider.helpdesk).toBeDefined();
});

test.each([
  [
    "an audience that customers' tokens are for as well",
    HELPDESK.replace("[tickets]", "[tickets, copies]"),
    /provider\.helpdesk\.audience: 'copies' is an audience of customers: too/,
  ],
  [
    "no scope",
    HELPDESK.replace(", scope: tickets:write", ""),
    /provider\.helpdesk\.scope: .*a scope/,
  ],
  [
    "two scopes in one",
    HELPDESK.replace("tickets:write", "'a b'"),
    /provider\.helpdesk\.scope: 'a b': expected a scope without spaces/,
  ],
  [
    "an issuer without TLS",
    HELPDESK.replace("https:", "http:"),
    /provider\.helpdesk\.issuer: .*expected the https URL/,
  ],
])(
  "a helpdesk with %s is refused with place, value and what is allowed",
  (_what, text, message) => {
    expect(problem(written(text))).toMatch(message);
  },
);
