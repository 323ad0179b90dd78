import { expect, test } from "vitest";
import { faultTable } from "../../../lib/drill/fault-table.ts";
import { FAULTS } from "../../../lib/drill/faults.ts";
import { alert, broken, failover, halted } from "./results.ts";

test("every run is one line with what had to happen and what it cost", () => {
  expect(faultTable([failover(), broken(), halted(), alert()])).toEqual([
    "fault         expected  ok    RTO  lost  by old primary  neighbours",
    "kill          failover  yes   5 s     0               0     0 moved",
    "kill          failover  NO   45 s     0               0     0 moved",
    "slow-standby  halt      yes     —     0               0     0 moved",
    "app-down      alert     yes     —     0               0     0 moved",
  ]);
});

test("no fault makes it wider than 78 columns", () => {
  const results = FAULTS.map(({ name }) =>
    failover({ fault: name, measured: { ...failover().measured, rtoSeconds: 1799 } }),
  );
  expect(faultTable(results).filter((line) => line.length > 78)).toEqual([]);
});
