import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ZoneCalendar } from "../../../../lib/sla/backups/calendar.ts";
import { checkHistory } from "../../../../lib/sla/backups/check-history.ts";
import type { Life } from "../../../../lib/sla/backups/history.ts";
import { AT, type Schedule } from "../../../../lib/sla/backups/schedule.ts";
import { simulate } from "../../../../lib/sla/backups/simulate.ts";
import type { Rotation } from "../../../../lib/sla/plan.ts";
import { needless, stood } from "./fewest.ts";

const DAY_MS = 86_400_000;
const DURATION_MS = 15 * 60_000;
const ODOO: Rotation = { perDay: 1, days: 7, weeks: 4, months: 3, count: 14, oldestMonths: 3 };
const BINHEX: Rotation = { ...ODOO, perDay: 2, days: 4, count: 15 };
const DAILY: Schedule = { name: "daily", every: "1d", at: [AT] };
const TWICE: Schedule = { name: "twice", every: "1d", at: ["07:00", "15:00"] };

const day = (name: string) => Date.parse(name) / DAY_MS;

interface Given {
  readonly rotation: Rotation;
  readonly schedule?: Schedule;
  readonly timezone?: string;
  readonly from: string;
  readonly days: number;
  readonly missed?: readonly number[];
}

function history(given: Given) {
  const { rotation, schedule = DAILY, timezone = "Europe/Zurich", from, days, missed = [] } = given;
  const calendar = new ZoneCalendar(timezone);
  const beganMs = calendar.at(day(from), "12:00");
  const untilMs = beganMs + days * DAY_MS;
  const retention = { rotation, schedules: [{ name: schedule.name }] };
  const lives = simulate(
    {
      ...{ schedules: [schedule], retention, beganMs, untilMs, durationMs: DURATION_MS },
      missed: new Set(missed.map((offset) => day(from) + offset)),
    },
    calendar,
  );
  const found = checkHistory({ ...rotation, timezone }, lives, { beganMs, untilMs });
  return { lives, ...found };
}

const peak = (lives: readonly Life[]) =>
  Math.max(
    ...lives.map(({ availableMs: at }) => {
      const isLive = ({ availableMs, removedMs = Number.POSITIVE_INFINITY }: Life) =>
        availableMs <= at && at < removedMs;
      return lives.filter(isLive).length;
    }),
  );

describe("the sentence, kept from day to day", () => {
  test.each([
    ["14 over three months", ODOO, DAILY, 17],
    ["15 over three months, twice a day", BINHEX, TWICE, 19],
  ] as const)("%s: at every instant of three years", (_, rotation, schedule, most) => {
    const { ok, violations, clauses, lives } = history({
      ...{ rotation, schedule, from: "2023-11-03", days: 3 * 366 },
    });
    expect(violations).toEqual([]);
    expect(ok).toBe(true);
    expect(clauses.map(({ name, worst }) => [name, worst])).toEqual([
      ["days", rotation.perDay],
      ["weeks", 1],
      ["months", 1],
      ["count", rotation.count],
      ["age", expect.any(Number)],
    ]);
    expect(peak(lives)).toBeLessThanOrEqual(most);
  });

  test("in any zone, from any day, whatever is missed: what is broken could not be kept", () => {
    const zones = fc.constantFrom(
      "Europe/Zurich",
      "America/Havana",
      "Pacific/Apia",
      "Asia/Kolkata",
    );
    const begins = fc.integer({ min: day("2010-01-01"), max: day("2030-01-01") });
    const misses = fc.array(fc.integer({ min: 1, max: 199 }), { maxLength: 60 });
    fc.assert(
      fc.property(zones, begins, misses, (timezone, begin, missed) => {
        const from = new Date(begin * DAY_MS).toISOString().slice(0, 10);
        const { violations } = history({ rotation: ODOO, timezone, from, days: 200, missed });
        expect(violations.filter(({ avoidable }) => avoidable)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test("a missed day is broken until it has left its window, and breaks nothing else", () => {
    const { violations } = history({
      rotation: ODOO,
      from: "2025-01-06",
      days: 300,
      missed: [200],
    });
    expect(violations).toMatchObject(
      [{ clause: "days", avoidable: false, detail: /2025-07-25/ }].map(({ clause, avoidable }) => ({
        clause,
        avoidable,
      })),
    );
    const [{ fromMs = 0, toMs = 0 } = {}] = violations;
    expect((toMs - fromMs) / DAY_MS).toBe(7);
  });
});

describe("as few as that needs", () => {
  /** Looks whenever something came or a day began. */
  function needlessOf(given: Given): readonly string[] {
    const { rotation, timezone = "Europe/Zurich" } = given;
    const { lives } = history(given);
    const calendar = new ZoneCalendar(timezone);
    const judged = lives.map((life) => ({ ...life, ...stood(life, rotation, timezone) }));
    const arrivals = lives.map(({ availableMs }) => availableMs);
    const midnights = new Set(judged.map((one) => calendar.startOf(one.day + 1)));
    const endMs = arrivals.at(-1) ?? 0;
    return [...arrivals, ...midnights]
      .filter((nowMs) => nowMs <= endMs)
      .flatMap((nowMs) => {
        const isLive = ({ availableMs, removedMs = Number.POSITIVE_INFINITY }: Life) =>
          availableMs <= nowMs && nowMs < removedMs;
        const found = needless(judged.filter(isLive), rotation, {
          ...{ nowMs, today: calendar.dayOf(nowMs) },
        });
        return found.map((id) => `${id} at ${new Date(nowMs).toISOString()}`);
      });
  }

  test.each([
    ["14 over three months", ODOO, DAILY, "2026-01-05"],
    ["15 over three months, twice a day", BINHEX, TWICE, "2026-01-20"],
  ] as const)(
    "%s: what is held for its age stands for its week and month as well",
    (_, rotation, schedule, from) => {
      expect(needlessOf({ rotation, schedule, timezone: "UTC", from, days: 200 })).toEqual([]);
    },
  );

  test("in any zone, from any day, whatever is missed", () => {
    const zones = fc.constantFrom("Europe/Zurich", "America/Havana", "Pacific/Apia", "UTC");
    const begins = fc.integer({ min: day("2010-01-01"), max: day("2030-01-01") });
    const misses = fc.array(fc.integer({ min: 0, max: 159 }), { maxLength: 60 });
    const sold = fc.constantFrom<readonly [Rotation, Schedule]>([ODOO, DAILY], [BINHEX, TWICE]);
    fc.assert(
      fc.property(zones, begins, misses, sold, (timezone, begin, missed, [rotation, schedule]) => {
        const from = new Date(begin * DAY_MS).toISOString().slice(0, 10);
        const given = { rotation, schedule, timezone, from, days: 160, missed };
        expect(needlessOf(given)).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });
});
