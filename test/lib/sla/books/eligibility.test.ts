import { describe, expect, it } from "vitest";
import { eligibleFor } from "../../../../lib/sla/books/eligibility.ts";
import { monthSpan } from "../../../../lib/sla/books/month.ts";
import type { Eligibility } from "../../../../lib/sla/service-terms.ts";

const ZONE = "Europe/Riga";
const OCTOBER = monthSpan("2026-10", ZONE);

/** Reasons, as `trialDays 2026-11-01T00:00`, of who began on a day of Riga and left on another. */
function reasons(terms: Eligibility, began?: string, left?: string): readonly string[] {
  const msOf = (text: string | undefined) =>
    text === undefined ? undefined : Date.parse(`${text}+03:00`);
  const beganMs = msOf(began);
  const span = {
    fromMs: Math.max(OCTOBER.fromMs, beganMs ?? 0),
    toMs: msOf(left) ?? OCTOBER.toMs,
  };
  const service = { beganMs, asked: OCTOBER, span, endMs: OCTOBER.toMs, timezone: ZONE };
  const { eligible, because } = eligibleFor(terms, service);
  expect(eligible).toBe(because.length === 0);
  return because.map(
    ({ condition, atMs }) => `${condition} ${new Date(atMs).toISOString().slice(0, 16)}`,
  );
}

describe("who may claim a credit", () => {
  it.each<[string, Eligibility, string | undefined, readonly string[]]>([
    ["whoever was always there", { trialDays: 366, tenureMonths: 60 }, undefined, []],
    // Clocks are put back on 25 October: the trial ends at midnight all the same.
    [
      "not in a trial of all the month",
      { trialDays: 31 },
      "2026-10-01T00:00",
      ["trialDays 2026-10-31T22:00"],
    ],
    ["who was out of it for the last day", { trialDays: 30 }, "2026-10-01T00:00", []],
    [
      "not in a trial that goes on",
      { trialDays: 14 },
      "2026-10-25T00:00",
      ["trialDays 2026-11-07T22:00"],
    ],
    [
      "who has been there long enough on the month's last day",
      { tenureMonths: 3 },
      "2026-08-01T00:00",
      [],
    ],
    [
      "not a day before",
      { tenureMonths: 3 },
      "2026-08-02T00:00",
      ["tenureMonths 2026-11-01T22:00"],
    ],
    [
      "not for both reasons",
      { trialDays: 90, tenureMonths: 3 },
      "2026-10-01T00:00",
      [...["trialDays 2026-12-29T22:00", "tenureMonths 2026-12-31T22:00"]],
    ],
  ])("%s", (_, terms, began, expected) => {
    // What began in the summer began at its own offset, which Riga has until 25 October.
    expect(reasons(terms, began)).toEqual(expected);
  });

  it("not who left before the month ended, where that was sold", () => {
    const left = "2026-10-20T00:00";
    expect(reasons({ untilMonthEnd: true }, undefined, left)).toEqual([
      "untilMonthEnd 2026-10-19T21:00",
    ]);
    expect(reasons({ untilMonthEnd: true })).toEqual([]);
    expect(reasons({ tenureMonths: 1 }, undefined, left)).toEqual([]);
  });

  it("is for a person to check as far as terms are words", () => {
    const service = { beganMs: undefined, asked: OCTOBER, span: OCTOBER, endMs: OCTOBER.toMs };
    const terms = { written: ["no invoice is overdue"] };
    expect(eligibleFor(terms, { ...service, timezone: ZONE })).toEqual({
      ...{ eligible: true, because: [], toCheck: ["no invoice is overdue"] },
    });
  });
});
