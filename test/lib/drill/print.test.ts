import fc from "fast-check";
import pc from "picocolors";
import { expect, test } from "vitest";
import { timelineLine, verdictLines } from "../../../lib/drill/print.ts";
import type { DrillResult } from "../../../lib/drill/result.ts";
import { nickname, wrap } from "../../../lib/drill/wrap.ts";
import {
  alert,
  broken,
  deployed,
  entry,
  failover,
  halted,
  recovered,
  regionLost,
  thereAndBack,
  undone,
} from "./results.ts";

const PLAIN = pc.createColors(false);
const printed = (result: DrillResult) => verdictLines(result, PLAIN).join("\n");
const zero = Date.parse(entry(0, "", "").at);

test.each([
  ["a kept promise", failover()],
  ["a quiet night", alert()],
  ["a broken promise", broken()],
  ["a halt", halted()],
  ["a lost region", regionLost()],
  ["the way there and back", thereAndBack()],
  ["a restored copy", recovered()],
  ["a dropped table", undone()],
  ["what the CDK deployed", deployed()],
])("%s fits into 80 columns", (_, result) => {
  const rows = printed(result).split("\n");
  expect(rows.filter((row) => row.length > 80)).toEqual([]);
});

test("how the product came there is said where it was deployed", () => {
  expect(printed(deployed())).toContain(
    "  stacks 3 by aws-cdk 2.1148.1, bootstrapped in 19.68 s, deployed in 2m 5s",
  );
  expect(printed(failover())).not.toContain("stacks");
});

test("a kept promise ends with what happened, what it means and what next", () => {
  const end = printed(failover()).split("\n").slice(-8).join("\n");
  expect(end).toMatch(/^OK: the promise held \(acme, kill\)\./m);
  expect(end).toMatch(/happened {2}acme: the primary's database is killed/);
  expect(end).toMatch(/means .* RTO of 30m \(30 s at pace 60\) is kept with 25 s to/);
  expect(end).toMatch(/next .* Nothing to repair/);
});

test("a broken promise names the failed checks and where to look", () => {
  const text = printed(broken());
  expect(text).toContain("NOT OK: the promise did not hold (acme, kill).");
  expect(text).toContain("✗ RTO under 30.00 s: 45.00 s");
  expect(text).toContain("Look up HaltProofRefused in docs/runbook.md");
});

test("a broken promise on a starved machine says that its seconds are not the fleet's", () => {
  const machine = { cores: 2, busyPercent: 66, stolenPercent: 24 };
  const text = printed({ ...broken(), machine });
  expect(text).toContain("host   2 cores, 66 % busy, 24 % stolen by other guests of its host");
  expect(text).toMatch(/starved, its seconds\s+count 60-fold: .* with --pace\s+30/s);
  expect(printed(broken())).not.toContain("starved");
  expect(printed({ ...broken(), machine: null })).not.toMatch(/^ {2}host/m);
});

test("a quiet night shows no RTO", () => {
  expect(printed(alert())).not.toMatch(/^ {2}RTO/m);
  expect(printed(alert())).toContain("watched for 30 s, the divided RTO is 30 s");
});

test("a halt is no kept promise, and shows where it stopped and how it goes on", () => {
  const text = printed(halted());
  expect(text).toContain("OK: what had to happen happened (acme, slow-standby).");
  expect(text).not.toContain("promise held");
  expect(text).toContain("halt   HaltBehind, next command in 2 mails");
  expect(text).toMatch(/would have lost 12 acknowledged rows/);
  expect(text).toMatch(/happened .*the failover stopped at\s+HaltBehind, nothing was promoted/s);
  expect(text).toContain("docs/runbook.md#failover-halted");
});

test("what was lost with the region, and what its old primaries took later, is told line by line", () => {
  const text = printed(regionLost()).replaceAll(/\s+/g, " ");
  expect(text).toContain("fence debt, paid 0.55 s after the region's return; 14 of 14 rows it");
  expect(text).toContain("region ✓ birch: RTO 5 s, 0 rows lost, fenced after 0.7 s, 14 of 14 rows");
  expect(text).toContain("all old primaries were fenced within 0.7 s; of 28 rows they took");
});

test("what a person restored is told with its instant, and what that cost", () => {
  const text = printed(recovered()).replaceAll(/\s+/g, " ");
  expect(text).toContain(
    "back backup sla-acme-2026-11-21 of 2026-11-21T20:59:38.000Z, as acme-db-slar1",
  );
  expect(text).toContain("RPO measured 21.5 s, allowed 24m (sold: 1d)");
  expect(text).toContain("on what a person had restored from backup sla-acme-2026-11-21; 1300");
  expect(text).toContain("RTO of 1d (24m at pace 60) is kept with");
  expect(text).not.toContain("configured waits");
  expect(printed(undone()).replaceAll(/\s+/g, " ")).toContain("0 lost, 410 given up");
});

test("endpoints of RDS are told by name and region", () => {
  const line = timelineLine(failover().timeline[5] ?? entry(0, "", ""), zero, PLAIN);
  expect(line).toBe(
    "   +4.60 s  dns       db.acme.example.ch → acme-db-standby (RDS, eu-central-1)",
  );
  expect(nickname("acme-1.elb.example")).toBe("acme-1.elb.example");
});

test("states of the machine are told in words", () => {
  const line = timelineLine(entry(3500, "workflow", "Fence"), zero, PLAIN);
  expect(line).toContain("Fence: old primary into quarantine, its sessions cut");
});

test("no text gets wider than asked, and none is lost", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.integer({ min: 1, max: 90 }), (text, width) => {
      const rows = wrap(text, width);
      expect(rows.every((row) => row.length <= width)).toBe(true);
      expect(rows.join("").replaceAll(/[\p{Cc} ]/gu, "")).toBe(text.replaceAll(/[\p{Cc} ]/gu, ""));
    }),
  );
});

test("a terminal's control sequences do not come through", () => {
  expect(wrap("red \u001b[31malarm\u0007", 80).join("")).not.toMatch(/\p{Cc}/u);
});
