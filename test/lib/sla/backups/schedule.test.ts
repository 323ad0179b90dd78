import { describe, expect, test } from "vitest";
import { ZoneCalendar } from "../../../../lib/sla/backups/calendar.ts";
import { AT, type Schedule, ticks } from "../../../../lib/sla/backups/schedule.ts";

const schedule = (every: Schedule["every"], at: readonly string[] = [AT]): Schedule => ({
  name: every,
  every,
  at,
});
const zurich = new ZoneCalendar("Europe/Zurich");
const between = (one: Schedule, from: string, to: string, calendar = zurich) =>
  ticks(one, calendar, Date.parse(from), Date.parse(to)).map((ms) =>
    new Date(ms).toISOString().slice(0, 16),
  );

test("a daily one comes once a local day, also when clocks change", () => {
  expect(between(schedule("1d"), "2026-03-28T00:00Z", "2026-03-31T00:00Z")).toEqual([
    "2026-03-28T03:00",
    "2026-03-29T02:00",
    "2026-03-30T02:00",
  ]);
});

test("twice a day at given local times", () => {
  expect(
    between(schedule("1d", ["07:00", "15:00"]), "2026-10-24T22:00Z", "2026-10-25T23:00Z"),
  ).toEqual(["2026-10-25T06:00", "2026-10-25T14:00"]);
});

test.each(["1h", "3h", "6h", "12h"] as const)(
  "every %s: no gap is longer, none is shorter",
  (every) => {
    const hours = Number.parseInt(every, 10);
    for (const zone of ["Europe/Zurich", "Asia/Kolkata", "Australia/Lord_Howe"]) {
      const found = ticks(
        schedule(every),
        new ZoneCalendar(zone),
        Date.parse("2026-01-01"),
        Date.parse("2026-12-31"),
      );
      const gaps = new Set(found.slice(1).map((ms, index) => ms - (found[index] ?? 0)));
      expect([...gaps]).toEqual([hours * 3_600_000]);
    }
  },
);

test("an hourly one and a daily one meet, also where the clock is half an hour off", () => {
  const kolkata = new ZoneCalendar("Asia/Kolkata");
  const [daily] = between(schedule("1d"), "2026-06-01T00:00Z", "2026-06-02T00:00Z", kolkata);
  const hourly = between(schedule("1h"), "2026-06-01T00:00Z", "2026-06-02T00:00Z", kolkata);
  expect(hourly).toContain(daily);
});

describe.each([
  ["3d", 3, 86_400_000],
  ["1w", 1, 7 * 86_400_000],
  ["4w", 4, 7 * 86_400_000],
] as const)("every %s", (every, units, unitMs) => {
  test("comes in even steps, whatever the window begins with", () => {
    const utc = new ZoneCalendar("UTC");
    const from = Date.parse("2026-01-05");
    const to = Date.parse("2027-01-05");
    const whole = ticks(schedule(every), utc, from, to);
    expect(new Set(whole.slice(1).map((ms, index) => ms - (whole[index] ?? 0)))).toEqual(
      new Set([units * unitMs]),
    );
    const half = (from + to) / 2;
    const halves = [
      ...ticks(schedule(every), utc, from, half),
      ...ticks(schedule(every), utc, half, to),
    ];
    expect(halves).toEqual(whole);
  });
});

test("monthly is the first, quarterly each third", () => {
  expect(between(schedule("1mo"), "2026-01-15T00:00Z", "2026-04-15T00:00Z")).toEqual([
    "2026-02-01T03:00",
    "2026-03-01T03:00",
    "2026-04-01T02:00",
  ]);
  expect(between(schedule("3mo"), "2026-01-15T00:00Z", "2026-12-31T00:00Z")).toHaveLength(3);
});
