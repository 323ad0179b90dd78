import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import {
  dayName,
  firstDayOfMonth,
  firstDayOfWeek,
  monthName,
  monthOf,
  weekName,
  weekOf,
  ZoneCalendar,
} from "../../../../lib/sla/backups/calendar.ts";

const day = (name: string) => Date.parse(name) / 86_400_000;
const ms = (instant: string) => Date.parse(instant);

/** Clocks that change at night, at midnight, by half an hour, never; one zone that left a day out. */
const ZONES = [
  "Europe/Zurich",
  "America/New_York",
  "America/Havana",
  "Australia/Lord_Howe",
  "Asia/Kolkata",
  "Pacific/Apia",
];

test.each([
  ["2024-02-29", "2024-W09", "2024-02"],
  ["2024-12-30", "2025-W01", "2024-12"],
  ["2027-01-03", "2026-W53", "2027-01"],
  ["1970-01-01", "1970-W01", "1970-01"],
])("%s lies in week %s and month %s", (name, week, month) => {
  expect(dayName(day(name))).toBe(name);
  expect(weekName(weekOf(day(name)))).toBe(week);
  expect(monthName(monthOf(day(name)))).toBe(month);
});

test("weeks begin on Monday, months on the first", () => {
  fc.assert(
    fc.property(fc.integer({ min: -30_000, max: 60_000 }), (any) => {
      const monday = firstDayOfWeek(weekOf(any));
      expect(any - monday).toBeGreaterThanOrEqual(0);
      expect(any - monday).toBeLessThan(7);
      expect(Temporal.PlainDate.from(dayName(monday)).dayOfWeek).toBe(1);
      expect(dayName(firstDayOfMonth(monthOf(any)))).toBe(`${dayName(any).slice(0, 8)}01`);
    }),
  );
});

describe.each(ZONES)("in %s", (timezone) => {
  const calendar = new ZoneCalendar(timezone);
  const instants = fc.integer({ min: ms("2010-01-01"), max: ms("2040-01-01") });
  const local = (at: number) =>
    Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone);

  test("an instant falls on the day that clocks there show", () => {
    fc.assert(
      fc.property(instants, (at) => {
        expect(dayName(calendar.dayOf(at))).toBe(local(at).toPlainDate().toString());
      }),
    );
  });

  test("shifting is what Temporal does", () => {
    const shifts = fc.record({
      days: fc.integer({ min: -400, max: 400 }),
      weeks: fc.integer({ min: -60, max: 60 }),
      months: fc.integer({ min: -40, max: 40 }),
    });
    fc.assert(
      fc.property(instants, shifts, fc.constantFrom("days", "weeks", "months"), (at, by, unit) => {
        const one = { [unit]: by[unit] };
        expect(calendar.shift(at, one)).toBe(local(at).add(one).epochMilliseconds);
      }),
    );
  });
});

test("a local time that clocks skip is later, one that comes twice is the first", () => {
  const zurich = new ZoneCalendar("Europe/Zurich");
  expect(zurich.at(day("2026-03-29"), "02:30")).toBe(ms("2026-03-29T01:30:00Z"));
  expect(zurich.at(day("2026-10-25"), "02:30")).toBe(ms("2026-10-25T00:30:00Z"));
});
