import { describe, expect, it } from "vitest";
import type { Asked } from "../../../lib/sla/prepared-check.ts";
import { type FoundStops, judgeStops, type StopNeed } from "../../../lib/sla/stop-records.ts";

const REFERENCE = "sla-stop-cell--a-b-automatic-b";
const there = <T>(it: T): Asked<T> => ({ state: "there", it });
const silent = { state: "silent", why: "no answer" } as const;
const needOf = (...names: readonly string[]): StopNeed => ({
  reference: REFERENCE,
  names: names.map((name) => ({ zone: "Z1", name })),
});
const checks = (...ids: readonly string[]): FoundStops["checks"] =>
  there(new Map([[REFERENCE, ids]]));
const carrying = (records: Readonly<Record<string, string | undefined>>) =>
  new Map([
    [
      "Z1",
      there(
        Object.entries(records).map(([name, healthCheck]) => ({
          name,
          ...(healthCheck !== undefined && { healthCheck }),
        })),
      ),
    ],
  ]);

type Case = readonly [string, FoundStops, string | undefined];
const CASES: readonly Case[] = [
  ["carried by all", { checks: checks("c1"), records: carrying({ a: "c1", b: "c1" }) }, undefined],
  [
    "never made",
    { checks: there(new Map()), records: carrying({ a: "c1", b: "c1" }) },
    "nobody has made it, so its flag leads nobody over",
  ],
  [
    "not carried by one",
    { checks: checks("c1"), records: carrying({ a: "c1", b: undefined }) },
    "PRIMARY of b does not carry it (c1)",
  ],
  [
    "of another flag",
    { checks: checks("c1"), records: carrying({ a: "c2", b: "c2" }) },
    "PRIMARY of a, b do not carry it (c1)",
  ],
  [
    "deleted and made again, and the old one still named",
    { checks: checks("c2", "c1"), records: carrying({ a: "c2", b: "c1" }) },
    "PRIMARY of b does not carry it (c2)",
  ],
  [
    "of names that have no failover pair",
    { checks: checks("c1"), records: carrying({}) },
    "PRIMARY of a, b do not carry it (c1)",
  ],
  [
    "of a zone that does not exist",
    { checks: checks("c1"), records: new Map() },
    "PRIMARY of a, b do not carry it (c1)",
  ],
];

describe("the check of a STOP flag", () => {
  it.each(CASES)("%s", (_which, found, detail) => {
    const outcome = detail === undefined ? { is: "good" } : { is: "lacking", detail };
    expect(judgeStops([needOf("a", "b")], found)).toEqual([
      { kind: "stop-check", about: REFERENCE, outcome },
    ]);
  });

  it("names three of many", () => {
    const names = ["a", "b", "c", "d", "e"];
    const [check] = judgeStops([needOf(...names)], { checks: checks("c1"), records: carrying({}) });
    expect(check?.outcome).toMatchObject({
      detail: "PRIMARY of a, b, c and 2 more do not carry it (c1)",
    });
  });

  it.each([
    ["the checks", { checks: silent, records: carrying({ a: "c1" }) }],
    ["its zone", { checks: checks("c1"), records: new Map([["Z1", silent]]) }],
  ])("is unknown while nobody says anything of %s", (_what, found) => {
    expect(judgeStops([needOf("a")], found)[0]?.outcome).toEqual({
      ...{ is: "unknown", region: "us-east-1", why: "no answer" },
    });
  });
});
