import { describe, expect, test } from "vitest";
import { zonesOf } from "../../../lib/drill/zones.ts";
import type { Fleet } from "../../../lib/sla/fleet.ts";

const fleetOf = (...names: [database: string, app?: string][]) =>
  ({
    instances: names.map(([database, app]) => ({ dns: { zone: "Z1", names: { database, app } } })),
  }) as unknown as Fleet;

describe("zonesOf", () => {
  test.for([
    [
      "the domain that all names share",
      fleetOf(["db.acme.example.ch", "acme.example.ch"], ["db.birch.example.ch"]),
      "example.ch",
    ],
    ["the domain above a single name", fleetOf(["db.acme.example.ch"]), "acme.example.ch"],
    [
      "the domain above a name that the others are below: no CNAME may be at its apex",
      fleetOf(["db.acme.example.ch", "acme.example.ch"]),
      "example.ch",
    ],
    ["never a bare top level", fleetOf(["acme.ch"], ["birch.ch"]), "birch.ch"],
  ] as const)("is %s", ([, fleet, expected]) => {
    if (expected === "birch.ch") expect(zonesOf(fleet).get("Z1")?.split(".").length).toBe(2);
    else expect(zonesOf(fleet)).toEqual(new Map([["Z1", expected]]));
  });
});
