import { describe, expect, it } from "vitest";
import { monthSpan } from "../../../../lib/sla/books/month.ts";
import { serviceSpan } from "../../../../lib/sla/books/service-span.ts";

const ZONE = "Europe/Zurich";
const OCTOBER = monthSpan("2026-10", ZONE);
const LEFT = Date.parse("2026-10-20T12:00:00Z");

describe("what of a month an instance was there", () => {
  it.each<[string, { began?: string; ended?: string }, number | undefined, string, string]>([
    ["all of it", {}, undefined, "2026-09-30T22:00Z", "2026-10-31T23:00Z"],
    [
      "from a day's midnight on",
      { began: "2026-10-15" },
      undefined,
      "2026-10-14T22:00Z",
      "2026-10-31T23:00Z",
    ],
    [
      "from an instant on",
      { began: "2026-10-15T09:00:00+02:00" },
      undefined,
      "2026-10-15T07:00Z",
      "2026-10-31T23:00Z",
    ],
    [
      "up to a day after the clocks went back",
      { ended: "2026-10-26" },
      undefined,
      "2026-09-30T22:00Z",
      "2026-10-25T23:00Z",
    ],
    ["until its customer left", {}, LEFT, "2026-09-30T22:00Z", "2026-10-20T12:00Z"],
    [
      "until it ended, before its customer left",
      { ended: "2026-10-19" },
      LEFT,
      "2026-09-30T22:00Z",
      "2026-10-18T22:00Z",
    ],
    [
      "until its customer left, before it was to end",
      { ended: "2026-12-31" },
      LEFT,
      "2026-09-30T22:00Z",
      "2026-10-20T12:00Z",
    ],
    [
      "what it was before it all",
      { began: "2020-01-01", ended: "2027-01-01" },
      undefined,
      "2026-09-30T22:00Z",
      "2026-10-31T23:00Z",
    ],
  ])("is %s", (_name, of, leftMs, from, to) => {
    expect(serviceSpan(OCTOBER, of, ZONE, leftMs)).toEqual({
      fromMs: Date.parse(from),
      toMs: Date.parse(to),
    });
  });

  it.each([
    ["it began later", { began: "2026-11-01" }, undefined],
    ["it had ended", { ended: "2026-10-01" }, undefined],
    ["its customer had left", {}, OCTOBER.fromMs],
  ])("is nothing where %s", (_name, of, leftMs) => {
    expect(serviceSpan(OCTOBER, of, ZONE, leftMs)).toBeUndefined();
  });
});
