import fc from "fast-check";
import { expect, test } from "vitest";
import { ZoneCalendar } from "../../../../lib/sla/backups/calendar.ts";
import { dueInstants } from "../../../../lib/sla/backups/due-instants.ts";
import { LocalDays } from "../../../../lib/sla/backups/local-days.ts";
import { ticks } from "../../../../lib/sla/backups/schedule.ts";

const named = (instants: readonly number[]) =>
  instants.map((ms) => new Date(ms).toISOString().slice(0, 16));
const zurich = new LocalDays("Europe/Zurich");
const between = (from: string, to: string) => [zurich, Date.parse(from), Date.parse(to)] as const;

test("a time that clocks skip is later by as much, of one that comes twice the first counts", () => {
  const nightly = { every: "1d", at: ["02:30"] } as const;
  const spring = between("2026-03-28T00:00Z", "2026-03-31T00:00Z");
  expect(named(dueInstants(nightly, ...spring))).toEqual([
    ...["2026-03-28T01:30", "2026-03-29T01:30", "2026-03-30T00:30"],
  ]);
  const autumn = between("2026-10-24T12:00Z", "2026-10-26T12:00Z");
  expect(named(dueInstants(nightly, ...autumn))).toEqual(["2026-10-25T00:30", "2026-10-26T01:30"]);
});

test("a time of the day that a zone left out is that of the next, two in the hour that clocks skip are two", () => {
  const [fromMs, toMs] = [Date.UTC(2011, 11, 29, 10), Date.UTC(2012, 0, 1, 9)];
  const night = { every: "1d", at: ["00:00"] } as const;
  expect(named(dueInstants(night, new LocalDays("Pacific/Apia"), fromMs, toMs))).toEqual([
    ...["2011-12-29T10:00", "2011-12-30T10:00", "2011-12-31T10:00"],
  ]);
  const twice = { every: "1d", at: ["03:30", "02:30"] } as const;
  const spring = between("2026-03-29T00:00Z", "2026-03-29T20:00Z");
  expect(named(dueInstants(twice, ...spring))).toEqual(["2026-03-29T01:30", "2026-03-29T01:30"]);
});

test("quarters begin with the year, weeks with Mondays", () => {
  const year = between("2026-01-01T00:00Z", "2026-12-31T00:00Z");
  expect(named(dueInstants({ every: "3mo", at: ["04:00"] }, ...year))).toEqual([
    ...["2026-01-01T03:00", "2026-04-01T02:00", "2026-07-01T02:00", "2026-10-01T02:00"],
  ]);
  const weeks = dueInstants({ every: "1w", at: ["04:00"] }, ...year);
  expect(new Set(weeks.map((ms) => new Date(ms).getUTCDay()))).toEqual(new Set([1]));
});

test("what judges and what plans, written apart, mean the same instants", () => {
  const zones = ["Europe/Zurich", "America/Havana", "Australia/Lord_Howe", "Pacific/Apia"] as const;
  const given = fc.record({
    zone: fc.constantFrom(...zones),
    every: fc.constantFrom("1h", "6h", "1d", "3d", "1w", "4w", "1mo", "3mo"),
    at: fc.constantFrom(["04:00"], ["00:00", "12:00"], ["02:15", "02:30"], ["23:50"]),
    fromMs: fc.integer({ min: Date.UTC(1999, 0), max: Date.UTC(2035, 0) }),
    days: fc.integer({ min: 1, max: 150 }),
  });
  fc.assert(
    fc.property(given, ({ zone, every, at, fromMs, days }) => {
      const toMs = fromMs + days * 86_400_000;
      const planned = ticks({ name: "any", every, at }, new ZoneCalendar(zone), fromMs, toMs);
      const judged = dueInstants({ every, at }, new LocalDays(zone), fromMs, toMs);
      expect(new Set(named(judged))).toEqual(new Set(named(planned)));
    }),
    { numRuns: 60 },
  );
});
