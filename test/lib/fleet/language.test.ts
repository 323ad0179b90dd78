import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseFleet } from "../../../lib/fleet/parse.ts";
import { languageOf } from "../../../lib/sla/language.ts";

const EXAMPLE = readFileSync("examples/fleet.yaml", "utf8");
const ZONE = "timezone: Europe/Zurich";
const CONTACTS = "contacts: [it@acme.example]";

const fleetWith = (provider: string, acme: string) =>
  parseFleet(
    EXAMPLE.replace(ZONE, `${ZONE}\n  ${provider}`).replace(CONTACTS, `${CONTACTS}\n    ${acme}`),
    "fleet.yaml",
  );

test.each([
  ["", "", "en", "en"],
  ["language: de", "", "de", "de"],
  ["language: de", "language: fr", "fr", "de"],
  ["", "language: id", "id", "en"],
] as const)(
  "provider '%s', customer '%s': reports in %s, others' in %s",
  (provider, acme, its, others) => {
    const { provider: sold, instances } = fleetWith(provider, acme);
    expect(languageOf(sold, instances[0])).toBe(its);
    expect(languageOf(sold, instances[1])).toBe(others);
    expect(languageOf(sold)).toBe(others);
  },
);

test.each([
  ["language: it", "", /provider\.language: 'it': expected one of en, de, fr, nl, sv, es, id/],
  ["", "language: DE", /instances\[0\]\.language: 'DE': expected one of en, de/],
] as const)("'%s' and '%s' is refused", (provider, acme, message) => {
  expect(() => fleetWith(provider, acme)).toThrow(message);
});
