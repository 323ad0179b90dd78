import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type {
  FailoverHappened,
  Happenings,
  IncidentHappened,
} from "../../../lib/sla/books/happenings.ts";
import { hoursOf } from "../../../lib/sla/books/hours.ts";
import { runsOf } from "../../../lib/sla/books/minute-runs.ts";
import { sheetOf } from "../../../lib/sla/books/minute-sheet.ts";
import { monthSpan } from "../../../lib/sla/books/month.ts";
import type { Judged } from "../../../lib/sla/kept.ts";
import type { Plan } from "../../../lib/sla/plan.ts";
import { PRESETS } from "../../../lib/sla/presets.ts";
import { notMeasured, promisesKept } from "../../../lib/sla/promises-kept.ts";

const ZONE = "Europe/Zurich";
const SPAN = monthSpan("2026-10", ZONE);
const NOTHING: Happenings = {
  ...{ incidents: [], failovers: [], restoreTests: [], imageTests: [], gameDays: [], backups: [] },
  ...{ lives: [], images: [], unreadable: [] },
};

function judged(happened: Partial<Happenings>, changes: Partial<Judged> = {}): Judged {
  const { span = SPAN } = changes;
  return {
    ...{ availability: "99.950000", objective: "99.9", held: true, provable: true },
    happened: { ...NOTHING, ...happened },
    outages: [],
    hours: hoursOf(runsOf(span, sheetOf(span, []).minutes()), ZONE),
    ...{ timezone: ZONE, span },
    ...changes,
  };
}

const plan = (name: string, changes: Partial<Plan> = {}) =>
  ({ ...(PRESETS[name as keyof typeof PRESETS] as Plan), ...changes }) satisfies Plan;

const statusOf = (sold: Plan, seen: Judged, promise: string) =>
  promisesKept(sold, seen).find((each) => each.promise === promise)?.status;

const failover = (changes: Partial<FailoverHappened>): FailoverHappened => ({
  ...{ key: "failovers/acme/fo-1/record.json", id: "fo-1", incident: "1", kind: "failover" },
  ...{ goodAt: "2026-10-05T10:20:00Z", rtoSeconds: 1200, rpoSeconds: 3, isProvisional: false },
  ...{ steps: [], ...changes },
});

describe("availability", () => {
  it.each([
    [{}, "kept"],
    [{ held: false }, "broken"],
    [{ held: false, provable: false }, "not-shown"],
    [{ held: null, availability: null }, "not-shown"],
    [{ objective: null }, undefined],
  ] as const)("%j: %s", (changes, status) => {
    expect(statusOf(plan("mintsys"), judged({}, changes), "availability")).toBe(status);
  });
});

describe("recovery", () => {
  it("says where somebody provoked what was measured, and names that as evidence too", () => {
    const gameDay = "game-days/acme/gd-acme-1/record.json";
    const rows = promisesKept(plan("mintsys"), judged({ failovers: [failover({ gameDay })] }));
    const [rto, rpo] = ["rtoServer", "rpoServer"].map((promise) =>
      rows.find((each) => each.promise === promise),
    );
    const evidence = ["failovers/acme/fo-1/record.json", gameDay];
    expect([rto, rpo]).toMatchObject([
      { status: "kept", isExercised: true, evidence },
      { status: "kept", isExercised: true, evidence },
    ]);
    const unprovoked = promisesKept(plan("mintsys"), judged({ failovers: [failover({})] }));
    expect(unprovoked.some(({ isExercised }) => isExercised)).toBe(false);
  });

  it.each([
    ["no failover", [], "no-case", "no-case"],
    ["one in time", [failover({})], "kept", "kept"],
    ["exactly in time", [failover({ rtoSeconds: 1800, rpoSeconds: 300 })], "kept", "kept"],
    ["one too late", [failover({}), failover({ rtoSeconds: 1800.1 })], "broken", "kept"],
    ["one that lost too much", [failover({ rpoSeconds: 301 })], "kept", "broken"],
    ["a loss that nothing bounds", [failover({ rpoSeconds: undefined })], "kept", "not-shown"],
    ["an old primary that is not fenced", [failover({ isProvisional: true })], "kept", "not-shown"],
    [
      "one not fenced that lost too much",
      [failover({ isProvisional: true, rpoSeconds: 999 })],
      "kept",
      "broken",
    ],
    [
      "one of a person, of what served",
      [failover({ kind: "planned", rtoSeconds: 9999 })],
      "no-case",
      "no-case",
    ],
    [
      "one from a backup",
      [failover({ kind: "recovery", lost: "server", rtoSeconds: 9999 })],
      "broken",
      "kept",
    ],
    [
      "one from a backup, of nobody knows what",
      [failover({ kind: "recovery", rtoSeconds: 9999 })],
      "broken",
      "kept",
    ],
    [
      "one from a backup, of a region",
      [failover({ kind: "recovery", lost: "site", rtoSeconds: 9999 })],
      "no-case",
      "no-case",
    ],
    [
      "one from a backup, to undo what was done to data",
      [failover({ kind: "recovery", lost: "data", rtoSeconds: 9999 })],
      "no-case",
      "no-case",
    ],
  ] as const)("of a server, %s: %s, %s", (_, failovers, rto, rpo) => {
    const seen = judged({ failovers });
    expect(statusOf(plan("mintsys"), seen, "rtoServer")).toBe(rto);
    expect(statusOf(plan("mintsys"), seen, "rpoServer")).toBe(rpo);
  });

  it("shows the worst of all cases, and where all of them lie", () => {
    const failovers = [failover({ rtoSeconds: 60 }), failover({ key: "other", rtoSeconds: 90 })];
    const rows = promisesKept(plan("mintsys"), judged({ failovers }));
    expect(rows.find(({ promise }) => promise === "rtoServer")).toEqual({
      ...{ promise: "rtoServer", status: "kept" },
      ...{ sold: { unit: "seconds", seconds: 1800 }, measured: { unit: "seconds", seconds: 90 } },
      evidence: ["failovers/acme/fo-1/record.json", "other"],
    });
  });

  it("is kept by all cases or by none of them", () => {
    const one = fc.record({
      rtoSeconds: fc.integer({ min: 0, max: 4000 }),
      rpoSeconds: fc.option(fc.integer({ min: 0, max: 600 }), { nil: undefined }),
      isProvisional: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 6 }), (cases) => {
        const seen = judged({ failovers: cases.map(failover) });
        const each = cases.map((single) => judged({ failovers: [failover(single)] }));
        for (const promise of ["rtoServer", "rpoServer"]) {
          const together = statusOf(plan("mintsys"), seen, promise);
          const alone = each.map((single) => statusOf(plan("mintsys"), single, promise));
          const expected = (["broken", "not-shown"] as const).find((status) =>
            alone.includes(status),
          );
          expect(together).toBe(expected ?? "kept");
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe("an outage that no failover ended", () => {
  const fromMs = Date.parse("2026-10-05T10:00:00Z");
  const outage = (minutes: number) => ({ fromMs, toMs: fromMs + minutes * 60_000, minutes });
  const incident = (...outcomes: readonly ("done" | "halted")[]): IncidentHappened => ({
    ...{ key: "incidents/acme/1.json", incident: "1", firstBadAt: "2026-10-05T10:00:15Z" },
    notes: outcomes.map((outcome) => ({ id: "fo-1", outcome, at: "2026-10-05T10:05:00Z" })),
  });
  const rows = (sold: Plan, happened: Partial<Happenings>, minutes: number) =>
    promisesKept(sold, judged(happened, { outages: [outage(minutes)] }));
  const statuses = (...asked: Parameters<typeof rows>) =>
    ["rtoServer", "rpoServer", "rtoSite", "rpoSite"].map(
      (promise) => rows(...asked).find((each) => each.promise === promise)?.status,
    );
  const QUIET = ["no-case", "no-case"];
  const halted = { incidents: [incident("halted")] };

  it.each([
    ["halted, longer than was sold", halted, 32, ["broken", "not-shown"]],
    ["halted, longer or not: looks do not say", halted, 31, ["not-shown", "not-shown"]],
    ["halted, back by itself in time", halted, 5, ["not-shown", "not-shown"]],
    ["longer than was sold", { incidents: [incident()] }, 31, ["not-shown", "not-shown"]],
    ["longer, and no incident is there", {}, 31, ["not-shown", "not-shown"]],
    ["in time", { incidents: [incident()] }, 30, QUIET],
  ] as const)("%s", (_, happened, minutes, expected) => {
    expect(statuses(plan("mintsys"), happened, minutes)).toEqual([...expected, ...QUIET]);
  });

  it("may have been a lost site once it is longer than was sold for one", () => {
    const longer = 24 * 60 + 1;
    expect(statuses(plan("mintsys"), halted, longer)).toEqual([
      ...["broken", "not-shown", "not-shown", "not-shown"],
    ]);
  });

  it("is measured by the minutes it was down, where a failover halted", () => {
    const row = rows(plan("mintsys"), halted, 600)[1];
    expect(row).toMatchObject({
      ...{ promise: "rtoServer", measured: { unit: "seconds", seconds: 36_000 } },
      evidence: ["incidents/acme/1.json"],
    });
  });

  it("is judged as precisely as the plan looks", () => {
    const slow = plan("mintsys", { watch: { ...plan("mintsys").watch, everySeconds: 300 } });
    expect(statuses(slow, halted, 39)[0]).toBe("not-shown");
    expect(statuses(slow, halted, 40)[0]).toBe("broken");
  });

  it.each([
    ["a failover did", failover({}), ["kept", "kept", ...QUIET]],
    ["a planned one did", failover({ kind: "planned" }), [...QUIET, ...QUIET]],
    [
      "one did that ended before",
      failover({ goodAt: "2026-10-05T09:59:00Z", rtoSeconds: 60 }),
      ["broken", "not-shown", ...QUIET],
    ],
  ] as const)("is none if %s", (_, each, expected) => {
    const happened = { incidents: [incident("halted", "done")], failovers: [each] };
    expect(statuses(plan("mintsys"), happened, 60)).toEqual(expected);
  });
});

const backup = (day: number, hour = "03") => ({
  ...{ key: "backups/x.json", backup: `b-${day}`, kind: "take" as const, region: "eu-central-2" },
  at: `2026-10-${String(day).padStart(2, "0")}T${hour}:00:00Z`,
});
const DAYS = Array.from({ length: 31 }, (_, index) => index + 1);

describe("backups", () => {
  const mintsys = plan("mintsys");

  it.each([
    ["nothing recorded", [], "not-shown"],
    ["one every day", DAYS.map((day) => backup(day)), "kept"],
    ["a day without", DAYS.slice(1).map((day) => backup(day)), "broken"],
    // 23:00 UTC is the next day in Zurich, so the first day has none.
    ["by the days of the zone", DAYS.map((day) => backup(day, "23")), "broken"],
  ] as const)("%s: %s", (_, backups, status) => {
    expect(statusOf(mintsys, judged({ backups }), "dailyBackups")).toBe(status);
  });

  it.each([
    ["no image at all", [], "not-shown"],
    ["one every day", DAYS, "kept"],
    ["a day without", DAYS.slice(1), "broken"],
  ] as const)("of the complete instance have an image as well, %s: %s", (_, days, status) => {
    const images = days.map((day) => {
      const takenMs = Date.parse(backup(day).at);
      return { id: `i-${day}`, region: "a", takenMs, availableMs: takenMs, schedules: [] };
    });
    const seen = judged({ backups: DAYS.map((day) => backup(day)), images });
    expect(statusOf(plan("cloudworkz"), seen, "dailyBackups")).toBe(status);
  });

  it("are counted on completed days only", () => {
    const toMs = Date.parse("2026-10-11T12:00Z");
    const seen = judged(
      { backups: DAYS.slice(0, 10).map((day) => backup(day)) },
      { span: { ...SPAN, toMs } },
    );
    const row = promisesKept(mintsys, seen).find(({ promise }) => promise === "dailyBackups");
    expect(row).toMatchObject({ status: "kept", measured: { days: 10, of: 10 } });
  });

  it("lie in as many regions as were sold", () => {
    const there = (...regions: readonly string[]) =>
      judged({ backups: regions.map((region) => ({ ...backup(1), region })) });
    expect(statusOf(mintsys, there("a", "b", "c"), "copies")).toBe("kept");
    expect(statusOf(mintsys, there("a", "b", "b"), "copies")).toBe("broken");
    expect(statusOf(mintsys, there(), "copies")).toBe("not-shown");
  });
});

describe.each([
  ["restoreTests", "lastProof"],
  ["imageTests", "lastImageProof"],
] as const)("%s", (promise, last) => {
  const sold = plan("mintsys", { [promise]: { every: "1mo" } });
  it.each([
    [undefined, "not-shown"],
    ["2026-10-20T00:00:00Z", "kept"],
    ["2026-09-30T22:00:00Z", "kept"],
    ["2026-09-30T21:59:59Z", "broken"],
  ] as const)("the newest proof of %s: %s", (endedAt, status) => {
    const proof = endedAt === undefined ? {} : { [last]: { key: "proof/x", endedAt } };
    expect(statusOf(sold, judged(proof), promise)).toBe(status);
  });

  it("are no promise where none was sold", () => {
    expect(statusOf(plan("mintsys"), judged({}), promise)).toBeUndefined();
  });
});

it("names what was sold and is not measured here", () => {
  expect(notMeasured(plan("mintsys"))).toEqual([
    ...["liveCopy", "residency", "downloads", "isolation"],
    ...["maintenance", "leaving"],
  ]);
  expect(notMeasured(plan("lab"))).toEqual([]);
});
