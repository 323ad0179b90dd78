import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { checkNewest } from "../../../../lib/sla/backups/check-newest.ts";
import { GRACE_MS } from "../../../../lib/sla/backups/clause.ts";
import type { Life } from "../../../../lib/sla/backups/history.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const beganMs = Date.UTC(2026, 0, 1);
const DAYS = 20;
const untilMs = beganMs + DAYS * 24 * HOUR_MS;
const durationMs = 15 * MINUTE_MS;
const due = Array.from({ length: DAYS }, (_, day) => beganMs + (24 * day + 4) * HOUR_MS);
const mostMs = 24 * HOUR_MS + durationMs + GRACE_MS;

const life = (takenMs: number, removedMs?: number): Life => ({
  ...{ id: new Date(takenMs).toISOString(), takenMs, availableMs: takenMs + durationMs },
  ...{ schedules: [], ...(removedMs !== undefined && { removedMs }) },
});
const judge = (lives: readonly Life[]) =>
  checkNewest({ due, durationMs }, lives, { beganMs, untilMs });

describe("the newest backup", () => {
  it("is never older than a gap, a backup and the grace, if none is missed", () => {
    const { clause, violations } = judge(due.map((ms) => life(ms)));
    expect(violations).toEqual([]);
    expect(clause).toMatchObject({ name: "newest", ok: true, worst: 24 * 60 + 15, margin: 60 });
  });

  it("is too old after a missed night, and nobody could have helped it", () => {
    const { clause, violations } = judge(due.filter((_, day) => day !== 9).map((ms) => life(ms)));
    const before = due[8] ?? 0;
    expect(violations).toEqual([
      {
        ...{ clause: "newest", avoidable: false, detail: "older than 25 h 15 min" },
        ...{ fromMs: before + mostMs, toMs: before + 48 * HOUR_MS + durationMs },
      },
    ]);
    expect(clause).toMatchObject({ ok: false, worst: 48 * 60 + 15, margin: -23 * 60 });
  });

  it("is told to be avoidable where the newest was deleted", () => {
    const lives = due.map((ms, day) => life(ms, day === 9 ? ms + HOUR_MS : undefined));
    expect(judge(lives).violations).toMatchObject([
      { avoidable: true, fromMs: (due[8] ?? 0) + mostMs },
    ]);
  });

  it("is missed from the first night on", () => {
    const [first = 0, second = 0] = due;
    expect(judge(due.slice(1).map((ms) => life(ms))).violations).toMatchObject([
      { avoidable: false, fromMs: first + durationMs + GRACE_MS, toMs: second + durationMs },
    ]);
    expect(judge([]).violations).toMatchObject([{ toMs: untilMs }]);
  });

  it("is not judged where nothing was due", () => {
    expect(checkNewest({ due: [], durationMs }, [], { beganMs, untilMs }).clause).toMatchObject({
      ...{ ok: true, worst: null },
    });
  });
});

test("what is broken is what a look at every quarter of an hour finds, for any history", () => {
  const QUARTER_MS = 15 * MINUTE_MS;
  const quarter = (most: number) => fc.integer({ min: 0, max: most }).map((n) => n * QUARTER_MS);
  const any = fc.array(
    fc.record({ at: quarter(DAYS * 96), lasts: quarter(400), isKept: fc.boolean() }),
    { maxLength: 25 },
  );
  fc.assert(
    fc.property(any, (all) => {
      const lives = all.map(({ at, lasts, isKept }) =>
        life(beganMs + at, isKept ? undefined : beganMs + at + durationMs + lasts),
      );
      const { violations } = judge(lives);
      const judgedMs = (due[0] ?? 0) + durationMs + GRACE_MS;
      for (let ms = judgedMs; ms < untilMs; ms += QUARTER_MS) {
        const live = lives.filter(
          ({ availableMs, removedMs = untilMs }) => availableMs <= ms && ms < removedMs,
        );
        const newestMs = Math.max(
          (due[0] ?? 0) - 24 * HOUR_MS,
          ...live.map(({ takenMs }) => takenMs),
        );
        const isBroken = violations.some(({ fromMs, toMs }) => fromMs <= ms && ms < toMs);
        expect(isBroken, new Date(ms).toISOString()).toBe(ms - newestMs >= mostMs);
      }
    }),
    { numRuns: 100 },
  );
});
