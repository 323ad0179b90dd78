import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Course } from "../../../functions/status/course.ts";
import { DAYS_SHOWN, daysOf, meanDays } from "../../../functions/status/days.ts";
import { LocalDays } from "../../../lib/sla/backups/local-days.ts";

const ZURICH = new LocalDays("Europe/Zurich");
const ms = (at: string) => Date.parse(at);
const NOW = ms("2026-11-22T11:00:00.000Z");
const MINUTE = 60_000;
const SINCE = ms("2026-01-01T00:00:00.000Z");
const stretch = (from: string, to?: string) => ({
  fromMs: ms(from),
  ...(to !== undefined && { toMs: ms(to) }),
});
const course = (changes: Partial<Course> = {}): Course => ({
  ...{ sinceMs: SINCE, down: [], unseen: [] },
  ...changes,
});
const day = (of: Course, date: string) => {
  const found = daysOf(of, ZURICH, NOW).find((each) => each.date === date);
  return found && [found.spanMs / MINUTE, found.downMs / MINUTE, found.unseenMs / MINUTE];
};

describe("the days of a page", () => {
  it("are ninety, the last one that of now as far as it has come", () => {
    const days = daysOf(course(), ZURICH, NOW);
    expect(days).toHaveLength(DAYS_SHOWN);
    expect(days[0]?.date).toBe("2026-08-25");
    expect(days.at(-1)).toEqual({
      ...{ date: "2026-11-22", spanMs: 720 * MINUTE, downMs: 0, unseenMs: 0 },
    });
  });

  it("are those of the provider's clocks, also where these change", () => {
    expect(day(course(), "2026-10-25")).toEqual([1500, 0, 0]);
    const night = course({ down: [stretch("2026-11-02T22:50:00Z", "2026-11-02T23:10:00Z")] });
    expect(day(night, "2026-11-02")).toEqual([1440, 10, 0]);
    expect(day(night, "2026-11-03")).toEqual([1440, 10, 0]);
  });

  it("count what overlaps once, and what lasts until now", () => {
    const down = [
      stretch("2026-11-22T10:00:00Z"),
      stretch("2026-11-20T10:00:00Z", "2026-11-20T10:30:00Z"),
      stretch("2026-11-20T10:20:00Z", "2026-11-20T10:40:00Z"),
    ];
    expect(day(course({ down }), "2026-11-20")).toEqual([1440, 40, 0]);
    expect(day(course({ down }), "2026-11-22")).toEqual([720, 60, 0]);
  });

  it("say what nobody saw, but not of what was down", () => {
    const gap = course({
      down: [stretch("2026-11-20T10:00:00Z", "2026-11-20T10:30:00Z")],
      unseen: [stretch("2026-11-20T10:20:00Z", "2026-11-20T11:00:00Z")],
    });
    expect(day(gap, "2026-11-20")).toEqual([1440, 30, 30]);
  });

  it("say nothing of the time before anybody looked", () => {
    const young = course({ sinceMs: ms("2026-11-20T11:00:00Z") });
    expect(day(young, "2026-11-19")).toEqual([1440, 0, 1440]);
    expect(day(young, "2026-11-20")).toEqual([1440, 0, 720]);
    const { sinceMs: _, ...never } = course();
    expect(day(never, "2026-11-22")).toEqual([720, 0, 720]);
  });

  it("of several are their mean", () => {
    const down = [stretch("2026-11-20T10:00:00Z", "2026-11-20T10:30:00Z")];
    const both = [course({ down }), course()].map((each) => daysOf(each, ZURICH, NOW));
    const found = meanDays(both).find(({ date }) => date === "2026-11-20");
    expect(found?.downMs).toBe(15 * MINUTE);
    expect(meanDays([])).toEqual([]);
  });

  const instants = fc.integer({ min: NOW - 95 * 86_400_000, max: NOW });
  const stretches = fc.array(
    fc
      .tuple(instants, fc.integer({ min: 0, max: 3e8 }), fc.boolean())
      .map(([fromMs, length, isOpen]) => ({ fromMs, ...(!isOpen && { toMs: fromMs + length }) })),
    { maxLength: 6 },
  );
  it("never have more in them than there is, whatever happened", () => {
    const any = fc.record({ sinceMs: instants, down: stretches, unseen: stretches });
    fc.assert(
      fc.property(any, (of) => {
        for (const { spanMs, downMs, unseenMs } of daysOf(of, ZURICH, NOW)) {
          expect(downMs).toBeGreaterThanOrEqual(0);
          expect(unseenMs).toBeGreaterThanOrEqual(0);
          expect(downMs + unseenMs).toBeLessThanOrEqual(spanMs);
        }
      }),
      { numRuns: 60 },
    );
  });
});
