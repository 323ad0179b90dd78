import { describe, expect, test } from "vitest";
import { faultTable, leftOutLines, roundLines } from "../../../lib/drill/fault-table.ts";
import { FAULTS } from "../../../lib/drill/faults.ts";
import { alert, broken, failover, halted } from "./results.ts";

test("every run is one line with what had to happen and what it cost", () => {
  const without = ["sns", "s3-home"];
  expect(faultTable([failover(), broken(), halted(), alert({ without })]).slice(0, 5)).toEqual([
    "fault         without      expected  ok      RTO  lost  late  moved",
    "kill          —            failover  yes   5.0 s     0     0      0",
    "kill          —            failover  NO   45.0 s     0     0      0",
    "slow-standby  —            halt      yes       —     0     0      0",
    "app-down      sns,s3-home  alert     yes       —     0     0      0",
  ]);
});

test("no fault makes it wider than 80 columns, no vantage either", () => {
  const results = FAULTS.map(({ name }) =>
    failover({
      fault: name,
      without: ["vantage:ap-southeast-2"],
      measured: { ...failover().measured, rtoSeconds: 59.9 },
    }),
  );
  expect(faultTable(results).filter((line) => line.length > 80)).toEqual([]);
});

describe("below it", () => {
  test("each round says how many held", () => {
    expect(roundLines([failover(), broken(), failover()], 2)).toEqual([
      "round 1: 1 of 2 ok",
      "round 2: 1 of 2 ok",
    ]);
  });

  test("what was left out stands under its reason", () => {
    expect(
      leftOutLines([
        { name: "flap without sns", because: "nobody is to be mailed" },
        { name: "split without route53", because: "no record is changed" },
        { name: "blind-vantage without sns", because: "nobody is to be mailed" },
      ]),
    ).toEqual([
      "left out: nobody is to be mailed",
      "  flap without sns",
      "  blind-vantage without sns",
      "left out: no record is changed",
      "  split without route53",
    ]);
  });
});
