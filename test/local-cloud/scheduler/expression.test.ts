import fc from "fast-check";
import { expect, test } from "vitest";
import { timetableOf } from "../../../lib/local-cloud/scheduler/expression.ts";

const next = (expression: string, after: string, zone = "UTC", count = 1) => {
  const timetable = timetableOf(expression, zone, Date.parse("2026-01-01T00:00:00Z"));
  const instants: string[] = [];
  for (let at: number | undefined = Date.parse(after); instants.length < count; ) {
    at = timetable(at);
    if (at === undefined) return [...instants, "never"];
    instants.push(new Date(at).toISOString().slice(0, 16));
  }
  return instants;
};

test.each([
  ["rate(5 minutes)", "2026-01-01T00:07:00Z", "UTC", ["2026-01-01T00:10", "2026-01-01T00:15"]],
  ["rate(1 day)", "2025-12-31T00:00:00Z", "UTC", ["2026-01-01T00:00", "2026-01-02T00:00"]],
  [
    "cron(0/20 8-9 ? * MON-FRI *)",
    "2026-11-20T09:30:00Z",
    "UTC",
    ["2026-11-20T09:40", "2026-11-23T08:00"],
  ],
  ["cron(30 2 ? * SUN *)", "2026-03-22T12:00:00Z", "Europe/Berlin", ["2026-04-05T00:30"]],
  [
    "cron(30 2 ? * SUN *)",
    "2026-10-18T12:00:00Z",
    "Europe/Berlin",
    ["2026-10-25T00:30", "2026-11-01T01:30"],
  ],
  [
    "cron(0 0 1 * ? *)",
    "2026-11-21T00:00:00Z",
    "America/New_York",
    ["2026-12-01T05:00", "2027-01-01T05:00"],
  ],
  ["cron(0 12 L * ? *)", "2028-02-01T00:00:00Z", "UTC", ["2028-02-29T12:00", "2028-03-31T12:00"]],
  ["cron(0 12 1W * ? *)", "2026-07-15T00:00:00Z", "UTC", ["2026-08-03T12:00"]],
  ["cron(0 12 LW * ? *)", "2026-01-15T00:00:00Z", "UTC", ["2026-01-30T12:00"]],
  ["cron(0 12 ? * 6#3 *)", "2026-11-01T00:00:00Z", "UTC", ["2026-11-20T12:00", "2026-12-18T12:00"]],
  ["cron(0 12 ? * FRIL *)", "2026-11-01T00:00:00Z", "UTC", ["2026-11-27T12:00"]],
  ["cron(0 0 29 FEB ? *)", "2026-03-01T00:00:00Z", "UTC", ["2028-02-29T00:00"]],
  ["cron(0 0 1 1 ? 2026)", "2026-03-01T00:00:00Z", "UTC", ["never"]],
  [
    "at(2026-12-24T18:00:00)",
    "2026-11-21T00:00:00Z",
    "Europe/Berlin",
    ["2026-12-24T17:00", "never"],
  ],
  ["at(2026-03-29T03:00:00)", "2026-01-01T00:00:00Z", "Europe/Berlin", ["2026-03-29T01:00"]],
])("%s after %s in %s", (expression, after, zone, expected) => {
  expect(next(expression, after, zone, expected.length)).toEqual(expected);
});

test.each([
  ["rate(0 minutes)", "UTC", "expected a whole number"],
  ["rate(5 seconds)", "UTC", "expected a whole number"],
  ["every(5 minutes)", "UTC", "expected rate(…), cron(…) or at(…)"],
  ["cron(0 12 * * ?)", "UTC", "expected six fields, got 5"],
  ["cron(0 12 * * * *)", "UTC", "expected '?' in exactly one"],
  ["cron(60 12 * * ? *)", "UTC", "minutes: '60' is not allowed, expected values from 0 to 59"],
  ["cron(0 12 ? * XYZ *)", "UTC", "day of week: 'XYZ'"],
  ["cron(0 12 9-3 * ? *)", "UTC", "day of month: '9-3'"],
  ["at(tomorrow)", "UTC", "expected yyyy-mm-ddThh:mm:ss"],
  ["at(2026-03-29T02:30:00)", "Europe/Berlin", "no clock in Europe/Berlin ever shows that"],
  ["rate(1 minute)", "Europe/Nowhere", "Europe/Nowhere"],
])("%s in %s is refused: %s", (expression, zone, message) => {
  expect(() => timetableOf(expression, zone, 0)).toThrow(`schedule expression '${expression}'`);
  expect(() => timetableOf(expression, zone, 0)).toThrow(message);
});

test("the next instant is later, and nothing lies between", () => {
  const timetables = ["rate(7 minutes)", "cron(0/7 * * * ? *)", "cron(5 1-3 ? * 1,4 *)"].map(
    (text) => timetableOf(text, "Europe/Berlin", 0),
  );
  const year = { min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 11, 31) };
  fc.assert(
    fc.property(
      fc.constantFrom(...timetables),
      fc.integer(year),
      fc.nat(1000),
      (next, after, share) => {
        const at = next(after) ?? Number.NaN;
        expect(at).toBeGreaterThan(after);
        const between = after + Math.floor(((at - 1 - after) * share) / 1000);
        expect(next(between)).toBe(at);
      },
    ),
  );
});
