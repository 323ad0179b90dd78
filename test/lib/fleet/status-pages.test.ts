import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { parseFleet } from "../../../lib/fleet/parse.ts";

const EXAMPLE = readFileSync("examples/fleet.yaml", "utf8").replace(/^status:.*$/m, "");
const CERTIFICATE = "arn:aws:acm:us-east-1:111111111111:certificate/0a1b-2c";

const written = (status: string, ofAcme = "") =>
  EXAMPLE.replace("\ninstances:\n", `\n${status}\ninstances:\n`).replace(
    "  - id: acme\n",
    `  - id: acme\n${ofAcme}`,
  );
const own = (text: string) => written(`status: { own: ${text} }`);

function problem(text: string): string {
  try {
    parseFleet(text, "fleet.yaml");
  } catch (cause) {
    return String(cause);
  }
  throw new Error("nothing was wrong");
}

describe("status pages of a fleet", () => {
  it("are none unless they are asked for", () => {
    expect(parseFleet(written(""), "fleet.yaml")).not.toHaveProperty("status");
    expect(parseFleet(written("status: {}"), "fleet.yaml").status).toEqual({});
  });

  it("may have a name of their own, and show instances under another", () => {
    const host = "status.mintsys.example";
    const text = written(
      `status: { own: { host: ${host}, certificate: "${CERTIFICATE}" } }`,
      '    status: { name: "متجر Acme 👩‍💻", public: true }\n',
    );
    const fleet = parseFleet(text, "fleet.yaml");
    expect(fleet.status).toEqual({ own: { host, certificate: CERTIFICATE } });
    expect(fleet.instances[0]?.status).toEqual({ name: "متجر Acme 👩‍💻", public: true });
  });

  test.each([
    [
      "a host alone",
      own("{ host: status.mintsys.example }"),
      /status\.own\.certificate: is missing/,
    ],
    [
      "a certificate that CloudFront would not find",
      own(
        `{ host: status.mintsys.example, certificate: "${CERTIFICATE.replace("us-east-1", "eu-west-1")}" }`,
      ),
      /expected the ARN of a certificate in us-east-1, where CloudFront looks for it/,
    ],
    ["no keys at all", written("status:"), /status: .*expected keys with values/],
    [
      "an empty name",
      written("status: {}", '    status: { name: " " }\n'),
      /instances\[0\]\.status\.name: .*a name of up to 80 characters/,
    ],
    [
      "a name of many lines",
      written("status: {}", '    status: { name: "a\\nb" }\n'),
      /status\.name: [\s\S]*a name of up to 80 characters/,
    ],
    [
      "an instance to show, and no page",
      written("", "    status: { public: true }\n"),
      /instances\[0\]\.status: no page shows it: add status: \{\} to the fleet/,
    ],
  ])("are refused with %s", (_, text, expected) => {
    expect(problem(text)).toMatch(expected);
  });
});
