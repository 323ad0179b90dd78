import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { expect, test } from "vitest";
import { ZoneCalendar } from "../../../../lib/sla/backups/calendar.ts";
import { forecast } from "../../../../lib/sla/backups/forecast.ts";
import type { Period } from "../../../../lib/sla/plan.ts";

const DAY_MS = 86_400_000;
const day = (name: string) => Date.parse(name) / DAY_MS;

/** Each with what `keep` is to Temporal. */
const KEPT = [
  ["24h", { hours: 24 }],
  ["30d", { days: 30 }],
  ["2w", { weeks: 2 }],
  ["1mo", { months: 1 }],
  ["3mo", { months: 3 }],
] as const satisfies readonly (readonly [Period, Temporal.DurationLike])[];

const ZONES = [
  "Europe/Zurich",
  "America/New_York",
  "America/Havana",
  "Australia/Lord_Howe",
  "Africa/Cairo",
  "Pacific/Apia",
  "UTC",
];

interface Given {
  readonly timezone: string;
  readonly from: number;
  readonly at: string;
  readonly keep: Period;
}

function kept({ timezone, from, at, keep }: Given) {
  const schedules = [{ every: "1d" as const, at: [at], keep }];
  const backups = { contents: ["database" as const], schedules };
  return forecast({ backups, timezone, from, days: 130, missed: new Set() });
}

test("at a time that clocks skip, the backup of that day stays as long as those of other days", () => {
  const given = { timezone: "Europe/Zurich", from: day("2026-03-01"), at: "02:30" };
  const { violations, lives } = kept({ ...given, keep: "30d" });
  expect(violations).toEqual([]);
  const skipped = lives.find(({ id }) => id === "2026-03-29T01:30:00Z");
  // At the first look after its time: when the next backup has come.
  expect(skipped?.removedMs).toBe(Date.parse("2026-04-29T00:00:00+02:00"));
});

test("the backup of a month's last day goes when the last day of a shorter month is over", () => {
  const given = { timezone: "Europe/Zurich", from: day("2026-01-01"), at: "04:00" };
  const { lives } = kept({ ...given, keep: "1mo" });
  const last = lives.find(({ id }) => id === "2026-01-31T03:00:00Z");
  expect(last?.removedMs).toBe(Date.parse("2026-02-28T04:15:00+01:00"));
});

test("in any zone, at any time of a day, each stays for just as long as is sold", () => {
  const times = fc.constantFrom("00:00", "00:30", "01:45", "02:00", "02:15", "02:30", "03:00");
  const given = fc.record({
    timezone: fc.constantFrom(...ZONES),
    from: fc.integer({ min: day("2010-06-01"), max: day("2027-01-01") }),
    at: times,
    sold: fc.constantFrom(...KEPT),
  });
  fc.assert(
    fc.property(given, ({ timezone, from, at, sold: [keep, duration] }) => {
      const { lives, violations, untilMs } = kept({ timezone, from, at, keep });
      expect(violations).toEqual([]);
      const calendar = new ZoneCalendar(timezone);
      const midnights = Array.from({ length: 130 }, (_, offset) => calendar.startOf(from + offset));
      const looks = [...midnights, ...lives.map(({ availableMs }) => availableMs)];
      for (const [index, { takenMs, removedMs }] of lives.entries()) {
        // The newest stays until the next has come.
        const nextMs = lives[index + 1]?.availableMs ?? untilMs;
        const taken = Temporal.Instant.fromEpochMilliseconds(takenMs).toZonedDateTimeISO(timezone);
        const endMs = taken.add(duration).epochMilliseconds;
        const after = Math.min(...looks.filter((ms) => ms >= Math.max(endMs, nextMs)));
        if (after < untilMs) expect(removedMs).toBe(after);
      }
    }),
    { numRuns: 60 },
  );
});
