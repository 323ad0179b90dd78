import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { statusJson } from "../../../functions/status/page-json.ts";
import { publicView } from "../../../functions/status/view.ts";
import { howOften, lasting } from "../../../functions/status/words.ts";
import { nastyScene } from "./nasty-scene.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const MINUTES = { day: 1440, hour: 60, minute: 1 } as const;

/** In ms, what a person reads out of it. */
const read = (words: string) =>
  [...words.matchAll(/(\d+) (day|hour|minute)/g)].reduce(
    (sum, [, amount, unit]) =>
      sum + Number(amount) * MINUTES[unit as keyof typeof MINUTES] * MINUTE_MS,
    0,
  );

it.each([
  ["1mo", "every month"],
  ["2w", "every 2 weeks"],
  ["10d", "every 10 days"],
  ["36h", "every 36 hours"],
] as const)("how often %s is: %s", (period, words) => {
  expect(howOften(period)).toBe(words);
});

describe("how long something lasted", () => {
  it.each([
    [0, "1 minute"],
    [89_000, "2 minutes"],
    [12.49 * MINUTE_MS, "13 minutes"],
    [12 * MINUTE_MS, "12 minutes"],
    [HOUR_MS - 1, "1 hour"],
    [26 * HOUR_MS + 59 * MINUTE_MS, "1 day 3 hours"],
    [47 * HOUR_MS + 1 * MINUTE_MS, "2 days"],
    [24 * HOUR_MS + 5 * MINUTE_MS, "1 day 5 minutes"],
    // The mean of three is not quite whole.
    [MINUTE_MS + 7e-12, "1 minute"],
  ])("%d ms: %s", (ms, words) => {
    expect(lasting(ms)).toBe(words);
  });

  it("is never less than it was, and less than an hour more", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e10 }), (ms) => {
        const shown = read(lasting(ms));
        expect(shown).toBeGreaterThanOrEqual(ms);
        expect(shown - ms).toBeLessThan(HOUR_MS);
        expect(lasting(ms).split(" ").length).toBeLessThanOrEqual(4);
      }),
    );
  });
});

describe("minutes for machines", () => {
  const view = publicView(nastyScene().scene, (id) => id);
  const days = (spanMs: number, downMs: number, unseenMs: number) => {
    const rows = view.rows.map((row) => ({
      ...row,
      days: [{ date: "2026-11-20", spanMs, downMs, unseenMs }],
    }));
    return JSON.parse(statusJson({ ...view, rows })).rows[0].days[0];
  };

  it.each([
    [[86_400_000, 3001, 0], { minutes: 1440, down: 0.1, unseen: 0 }],
    [[86_400_000, 6001, 86_393_999], { minutes: 1440, down: 0.2, unseen: 1439.8 }],
    [[86_400_000, 0, 0], { minutes: 1440, down: 0, unseen: 0 }],
    [[60_001, 60_001, 0], { minutes: 1.1, down: 1.1, unseen: 0 }],
  ] as const)("%j", ([spanMs, downMs, unseenMs], expected) => {
    expect(days(spanMs, downMs, unseenMs)).toEqual({ date: "2026-11-20", ...expected });
  });
});
