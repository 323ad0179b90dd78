import { describe, expect, it } from "vitest";
import { keys, type Left } from "../../functions/ledger/contract.ts";
import { figuresOf } from "../../lib/books/month-report.ts";
import { monthReportCsv } from "../../lib/books/month-report-csv.ts";
import { monthJson } from "../../lib/books/month-report-json.ts";
import { speakerOf } from "../../lib/report/speaker.ts";
import { fiveFigures } from "../../lib/report/verdict.ts";
import type { Instance } from "../../lib/sla/fleet.ts";
import { LANGUAGES } from "../../lib/sla/language.ts";
import type { Plan } from "../../lib/sla/plan.ts";
import { cloudpepperHigh } from "../../lib/sla/presets/cloudpepper-high.ts";
import type { Eligibility } from "../../lib/sla/service-terms.ts";
import { fleetOf, instance } from "../fakes/fleet.ts";
import { MemoryLedger } from "../fakes/ledger.ts";
import { monthReport, wholeLines } from "../fakes/whole-month.ts";

const MONTH = "2026-10";
const SHELF = "eu-west-1";
const TERMS: Eligibility = {
  ...{ trialDays: 31, tenureMonths: 3, untilMonthEnd: true },
  written: ["no invoice is overdue"],
};

/** A month of one minute up and one down, which earns a credit. */
async function settled(of: Partial<Instance>, eligibility?: Eligibility, left?: string) {
  const ledger = new MemoryLedger(SHELF);
  for (const [minute, verdict] of ["up", "down"].entries()) {
    const slot = `2026-10-05T10:0${minute}:00.000Z`;
    const votes = { a: verdict === "up" ? "good" : "bad" };
    const looks = [
      { slot, instances: { acme: { epoch: 1, verdict, votes, database: "unknown" } } },
    ];
    ledger.put(keys.round(slot, "s00"), { shard: "s00", site: "x", scheduledTime: slot, looks });
  }
  if (left !== undefined) {
    const note: Left = { instance: "acme", at: left, reason: "moved", by: "arn:ops" };
    ledger.put(keys.left("acme"), note);
  }
  const { support: _, ...sold } = cloudpepperHigh;
  const credits = { ...sold.credits, ...(eligibility && { eligibility }) };
  const fee = { amount: 49, currency: "EUR" };
  const fleet = fleetOf([instance("acme", { fee, ...of })], { ...sold, credits } as Plan);
  const acme = { ...fleet.instances[0], plan: Object.keys(fleet.plans)[0] } as Instance;
  const wish = { month: MONTH, instances: [acme], now: () => Date.parse("2026-11-02T00:00Z") };
  const report = await monthReport(wish, fleet, [ledger]);
  const figures = await figuresOf(report.open);
  const [json] = report.instances.map(monthJson);
  return { json, figures, lines: wholeLines(report), csv: monthReportCsv(report.open, figures) };
}

describe("a credit that may not be claimed", () => {
  it("is told all the same, with all the reasons", async () => {
    const left = "2026-10-20T10:00:00.000Z";
    const { json, figures, lines, csv } = await settled({ began: "2026-10-01" }, TERMS, left);
    expect(json?.credit).toMatchObject({ percent: 25, amount: "12.25" });
    expect(json?.eligibility).toEqual({
      eligible: false,
      because: [
        { condition: "trialDays", sold: 31, at: "2026-10-31T23:00:00.000Z" },
        { condition: "tenureMonths", sold: 3, at: "2026-12-31T23:00:00.000Z" },
        { condition: "untilMonthEnd", at: left },
      ],
      toCheck: ["no invoice is overdue"],
    });
    expect(lines.join("\n")).toMatch(/^ {2}credit {5}25 % of the month/m);
    expect(lines.join("\n")).toMatch(/^ {2}NOT ELIGIBLE in its trial until /m);
    expect(lines.join("\n")).toContain("  to check   no invoice is overdue");
    expect(csv[0]?.endsWith(",creditEligible")).toBe(true);
    expect(csv[1]?.endsWith(",false")).toBe(true);
    const [acme] = figures;
    const span = { fromMs: 0, toMs: 1 };
    for (const language of LANGUAGES) {
      const shown = acme && fiveFigures(acme, speakerOf(language, "UTC", span)).at(-1);
      expect(shown?.remark).toMatch(/\w/);
      expect(shown?.value).toMatch(/12/);
    }
  });

  it("is one of plans that say who may claim it, and of nobody else", async () => {
    const { json, csv } = await settled({ began: "2026-10-01" });
    expect(json).not.toHaveProperty("eligibility");
    expect(csv[1]?.endsWith(",true")).toBe(true);
    const old = await settled({ began: "2026-01-01" }, TERMS);
    expect(old.json?.eligibility).toMatchObject({ eligible: true, because: [] });
    expect(old.lines.join("\n")).not.toContain("NOT ELIGIBLE");
  });
});
