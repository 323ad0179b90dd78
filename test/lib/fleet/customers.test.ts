import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { parseFleet } from "../../../lib/fleet/parse.ts";

const EXAMPLE = readFileSync("examples/fleet.yaml", "utf8");
const ISSUER = "customers: { issuer: https://login.mintsys.example, audience: [hosting-sla] }";

/** The example with an issuer, and something of its text exchanged. */
function written(...edits: readonly (readonly [from: string, to: string])[]): string {
  const whole = EXAMPLE.replace("\ninstances:\n", `\n${ISSUER}\ninstances:\n`);
  return edits.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, whole);
}

const OWNED = ["  - id: acme\n", "  - id: acme\n    customers: [auth0|5f7c]\n"] as const;

function problem(text: string): string {
  try {
    parseFleet(text, "fleet.yaml");
  } catch (cause) {
    return String(cause);
  }
  throw new Error("nothing was wrong");
}

describe("customers of a fleet", () => {
  it("are known by sub unless another claim is named", () => {
    const fleet = parseFleet(written(OWNED), "fleet.yaml");
    expect(fleet.customers).toEqual({
      ...{ issuer: "https://login.mintsys.example", audience: ["hosting-sla"], claim: "sub" },
    });
    expect(fleet.instances.map(({ customers }) => customers)).toEqual([
      ["auth0|5f7c"],
      undefined,
      undefined,
    ]);
  });

  test.each([
    [
      "an issuer without TLS",
      written(["https://login", "http://login"]),
      /customers\.issuer: 'http:.*expected the https URL of an OpenID Connect issuer/,
    ],
    [
      "no audience",
      written(["audience: [hosting-sla]", "audience: []"]),
      /customers\.audience: .*at least one audience, so that no token for another service/,
    ],
    [
      "a list for a customer",
      written(OWNED, ["[auth0|5f7c]", '["[a b]"]']),
      /instances\[0\]\.customers\[0\]: '\[a b\]': expected a claim's value without spaces that does not begin with '\['/,
    ],
    [
      "customers whom nobody vouches for",
      written(OWNED, [`${ISSUER}\n`, ""]),
      /instances\[0\]\.customers: nobody says who 'auth0\|5f7c' is: add customers: with issuer: and audience:/,
    ],
    [
      "nothing to download",
      written(['frozen: { account: "222222222222", region: eu-west-1, retainDays: 120 }\n', ""]),
      /customers: there is nothing to download: .*add frozen: or leave it out/,
    ],
    [
      "a frozen region that answers no links",
      written(["region: eu-west-1, retain", "region: eu-central-2, retain"]),
      /frozen\.region: 'eu-central-2' answers no links/,
    ],
  ])("%s is refused with place, value and what is allowed", (_what, text, message) => {
    expect(problem(text)).toMatch(message);
  });

  it("that are misspelt are not said to be missing", () => {
    const text = written(OWNED, ["issuer: https", "issuer: ftp"]);
    expect(problem(text)).not.toContain("nobody says");
  });
});
