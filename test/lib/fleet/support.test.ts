import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { parseFleet } from "../../../lib/fleet/parse.ts";

const EXAMPLE = readFileSync("examples/fleet.yaml", "utf8");

const support = (weekdays: string, to: string, callFor = "") => `
plans:
  answered:
    extends: mintsys
    support:
      hours: { weekdays: ${weekdays}, from: "08:00", to: "${to}", timezone: local, holidays: local }
      replies:
        - { priority: 2, within: { amount: 2, unit: hours }, clock: business-hours }${callFor}
instances:
`;

/** The example, whose first instance is sold replies in the provider's business hours. */
const written = (holidays: string, weekdays = "[1, 2, 3, 4, 5]", to = "17:00", callFor = "") =>
  EXAMPLE.replace(/(\n +timezone: [^\n]*)/, `$1${holidays}`)
    .replace("\ninstances:\n", support(weekdays, to, callFor))
    .replace("plan: mintsys", "plan: answered");

function problem(text: string): string {
  try {
    parseFleet(text, "fleet.yaml");
  } catch (cause) {
    return String(cause);
  }
  throw new Error("nothing was wrong");
}

describe("replies in local business hours", () => {
  it("go by the holidays that the provider names", () => {
    const fleet = parseFleet(written("\n  holidays: CH"), "fleet.yaml");
    expect(fleet.provider.holidays).toBe("CH");
    expect(fleet.plans["answered"]?.support?.replies).toHaveLength(1);
  });

  test.each([
    [
      "no holidays named",
      written(""),
      /provider.holidays: is missing: 'answered' of acme promises replies .* say whose, like BE/,
    ],
    [
      "a country nobody knows",
      written("\n  holidays: XX"),
      /provider\.holidays: 'XX'.*ISO country/,
    ],
    ["an office that closes before it opens", written("", "[1]", "07:00"), /hours\.to.*later than/],
    ["an office that is never open", written("", "[]"), /at least one ISO weekday/],
  ])("are refused with %s", (_name, text, expected) => {
    expect(problem(text)).toMatch(expected);
  });
});

describe("priorities that somebody is called for", () => {
  const calling = (priorities: string) =>
    written("\n  holidays: CH", undefined, undefined, `\n      callFor: ${priorities}`);

  test.each([["[2]"], ["[]"]])("are %s", (priorities) => {
    const { plans } = parseFleet(calling(priorities), "fleet.yaml");
    expect(plans["answered"]?.support?.callFor).toEqual(JSON.parse(priorities));
  });

  test.each([
    [
      "that nobody was promised a reply of",
      "[2, 1]",
      /callFor\[1\].*a priority that replies: promises \(2\)/,
    ],
    ["named twice", "[2, 2]", /callFor\[1\].*each priority once/],
    ["that there are not", "[5]", /callFor\[0\].*a priority from 1 to 4/],
    ["that are no list", "2", /callFor: 2: expected a list/],
  ])("are refused %s", (_name, priorities, expected) => {
    expect(problem(calling(priorities))).toMatch(expected);
  });
});
