import fc from "fast-check";
import { expect, test } from "vitest";
import { checkHistory } from "../../../../lib/sla/backups/check-history.ts";
import type { Life } from "../../../../lib/sla/backups/history.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const beganMs = Date.UTC(2024, 0, 1);
const untilMs = beganMs + 200 * DAY_MS;
const SENTENCE = {
  timezone: "UTC",
  perDay: 1,
  days: 0,
  weeks: 0,
  months: 0,
  count: 1,
  oldestMonths: 1,
};

/** Any history: backups overtake one another, end before others begin, and leave gaps. */
const history = fc
  .array(
    fc.record({
      takenMs: fc.integer({ min: 0, max: 190 * 24 }).map((hours) => beganMs + hours * HOUR_MS),
      lasts: fc.integer({ min: 1, max: 90 * 24 }),
      takes: fc.integer({ min: 0, max: 48 }),
      isKept: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((all) =>
    all.map(({ takenMs, lasts, takes, isKept }, index): Life => {
      const availableMs = takenMs + takes * HOUR_MS;
      const life = { id: `${index}`, takenMs, availableMs, schedules: [] };
      return isKept ? life : { ...life, removedMs: availableMs + lasts * HOUR_MS };
    }),
  );

/** Hour by hour, as the sentence says it. */
function youngestOldest(lives: readonly Life[], fromMs: number): number {
  const ages: number[] = [];
  for (let ms = fromMs; ms < untilMs; ms += HOUR_MS) {
    const live = lives.filter(
      ({ availableMs, removedMs = untilMs }) => availableMs <= ms && ms < removedMs,
    );
    const oldestMs = Math.min(ms, ...live.map(({ takenMs }) => takenMs));
    ages.push(Math.floor((ms - oldestMs) / DAY_MS));
  }
  return Math.min(...ages);
}

test("the least age of the oldest is what a look at every hour finds, for any history", () => {
  fc.assert(
    fc.property(history, (lives) => {
      const { clauses } = checkHistory(SENTENCE, lives, { beganMs, untilMs });
      const age = clauses.find(({ name }) => name === "age");
      const first = Math.min(...lives.map(({ takenMs }) => takenMs));
      const fromMs = new Date(first).setUTCMonth(new Date(first).getUTCMonth() + 1);
      if (age?.atMs === null) {
        expect(fromMs).toBeGreaterThan(untilMs - 4 * DAY_MS);
        return;
      }
      expect(age?.worst).toBe(youngestOldest(lives, age?.atMs ?? 0));
      const judgedFrom = Math.min(age?.atMs ?? 0, fromMs + 4 * DAY_MS);
      expect(age?.worst).toBeLessThanOrEqual(youngestOldest(lives, judgedFrom));
    }),
    { numRuns: 60 },
  );
});

test("ten years of hourly backups are judged without looking at each with each", () => {
  const lives = Array.from({ length: 87_600 }, (_, hour): Life => {
    const takenMs = beganMs + hour * HOUR_MS;
    const [availableMs, removedMs] = [
      takenMs + HOUR_MS,
      takenMs + (hour === 0 ? 9e5 : 50) * HOUR_MS,
    ];
    return { id: `${hour}`, takenMs, availableMs, removedMs, schedules: [] };
  });
  const observed = { beganMs, untilMs: beganMs + 3650 * DAY_MS };
  expect(checkHistory({ ...SENTENCE, days: 1 }, lives, observed).ok).toBe(true);
}, 30_000);
