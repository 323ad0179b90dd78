import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ZoneCalendar } from "../../../../lib/sla/backups/calendar.ts";
import { checkHistory } from "../../../../lib/sla/backups/check-history.ts";
import type { Violation } from "../../../../lib/sla/backups/clause.ts";
import { type Dated, dated } from "../../../../lib/sla/backups/dated.ts";
import type { Life } from "../../../../lib/sla/backups/history.ts";
import { retain } from "../../../../lib/sla/backups/retain.ts";
import { AT, type Schedule } from "../../../../lib/sla/backups/schedule.ts";
import { simulate } from "../../../../lib/sla/backups/simulate.ts";
import type { Rotation } from "../../../../lib/sla/plan.ts";

const DAY_MS = 86_400_000;
const DURATION_MS = 15 * 60_000;
const ODOO: Rotation = { perDay: 1, days: 7, weeks: 4, months: 3, count: 14, oldestMonths: 3 };
const BINHEX: Rotation = { ...ODOO, perDay: 2, days: 4, count: 15 };
const SMALL: Rotation = { perDay: 1, days: 2, weeks: 1, months: 1, count: 4, oldestMonths: 1 };
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
  const calendar = new ZoneCalendar("Europe/Zurich");
  const retention = { rotation: SMALL, schedules: [] };
  const HORIZON = 70;

  /** What breaks from `today` on if these backups are there, and more come daily or none. */
  function broken(all: readonly Life[], live: ReadonlySet<string>, today: number, more: boolean) {
    const nowMs = calendar.at(today, "12:00");
    const untilMs = nowMs + HORIZON * DAY_MS;
    const lives = all.map((life) => (live.has(life.id) ? withoutEnd(life) : life));
    let left: Dated[] = lives
      .filter(({ removedMs }) => removedMs === undefined)
      .map((life) => dated(life, calendar));
    const ends = new Map<string, number>();
    const later: Life[] = [];
    for (let each = today + 1; calendar.at(each, "04:15") < untilMs; each += 1) {
      const takenMs = calendar.at(each, AT);
      const availableMs = takenMs + DURATION_MS;
      if (more) {
        const life = { id: `later ${each}`, takenMs, availableMs, schedules: [] };
        later.push(life);
        left.push(dated(life, calendar));
      }
      const { spare } = retain(retention, left, calendar, availableMs);
      for (const gone of spare.keys()) ends.set(gone.id, availableMs);
      left = left.filter((one) => !spare.has(one));
    }
    const whole = [...lives, ...later].map((life) => {
      const removedMs = ends.get(life.id) ?? life.removedMs;
      return removedMs === undefined ? life : { ...life, removedMs };
    });
    const beganMs = calendar.at(day("2025-01-01"), "00:00");
    const { violations } = checkHistory({ ...SMALL, timezone: "Europe/Zurich" }, whole, {
      ...{ beganMs, untilMs },
    });
    return violations.filter(({ toMs }) => toMs > nowMs);
  }

  const withoutEnd = ({ id, takenMs, availableMs, schedules }: Life): Life => ({
    ...{ id, takenMs, availableMs, schedules },
  });
  const names = (violations: readonly Violation[]) =>
    violations.map(({ clause, detail, fromMs }) => `${clause} ${detail} ${fromMs}`).join("\n");

  /** Every pattern of missed days of a week, one after another, long after the beginning. */
  test.each(Array.from({ length: 32 }, (_, pattern) => pattern))(
    "with pattern %i of missed days, each that is kept is the last that keeps something",
    (pattern) => {
      const from = "2025-01-01";
      const missed = Array.from({ length: 5 }, (_, bit) => bit)
        .filter((bit) => (pattern >> bit) % 2 === 1)
        .map((bit) => 80 + bit);
      const today = day(from) + 86 + (pattern % 7);
      const { lives } = history({ rotation: SMALL, from, days: 86 + (pattern % 7) + 1, missed });
      const nowMs = calendar.at(today, "12:00");
      const past = lives
        .filter(({ availableMs }) => availableMs <= nowMs)
        .map((life) => ((life.removedMs ?? nowMs) >= nowMs ? withoutEnd(life) : life));
      const live = past.filter(({ removedMs }) => removedMs === undefined).map(({ id }) => id);
      for (const id of live) {
        const others = new Set(live.filter((other) => other !== id));
        const without = past.map((life) => (life.id === id ? { ...life, removedMs: nowMs } : life));
        const isNeeded = [true, false].some(
          (more) =>
            names(broken(without, others, today, more)) !==
            names(broken(past, new Set(live), today, more)),
        );
        expect(isNeeded, id).toBe(true);
      }
    },
  );
});
