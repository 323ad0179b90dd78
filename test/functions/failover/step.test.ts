import { describe, expect, it } from "vitest";
import { overrun } from "../../../functions/failover/budget.ts";
import type { Begun } from "../../../functions/failover/case.ts";
import { FAILOVER_STEPS } from "../../../functions/failover/contract.ts";
import { watchFor } from "../../../functions/failover/poll.ts";
import { type Steps, take } from "../../../functions/failover/step.ts";
import { LeapingClock } from "../../fakes/failover-clock.ts";

const clock = () => new LeapingClock("2026-11-21T10:00:00.000Z");
const begun = { timeline: [] } as unknown as Begun;

describe("a step", () => {
  it("is written into the timeline with when, what and how long", async () => {
    const steps: Steps<{ clock: LeapingClock }> = {
      drain: async ({ clock: passing }, current) => {
        await passing.wait(2);
        return { next: current, detail: "drained" };
      },
    };
    const after = await take(steps, { clock: clock() }, { step: "drain", case: begun });
    expect(after.timeline).toEqual([
      { at: "2026-11-21T10:00:02.002Z", step: "drain", detail: "drained", tookMs: 2001 },
    ]);
  });

  it("that takes longer than its share says so and goes on", async () => {
    const steps: Steps<{ clock: LeapingClock }> = {
      roles: async ({ clock: passing }, current) => {
        await passing.wait(30);
        return { next: current, detail: "told" };
      },
    };
    const after = await take(steps, { clock: clock() }, { step: "roles", case: begun });
    expect(after.timeline[0]?.detail).toContain("told; over budget: 30001 ms, 20000 ms allowed");
  });

  it("a function does not take is refused by name", async () => {
    await expect(take({}, { clock: clock() }, { step: "flip", case: begun })).rejects.toThrow(
      "'flip'",
    );
  });
});

describe("a budget", () => {
  it.each(FAILOVER_STEPS)("is there for $step and grows with what it took", ({ step }) => {
    expect(overrun(step, 1_000, 1000)).toBeUndefined();
    expect(overrun(step, 3_600_000, 1000)).toContain("over budget");
  });

  it("is not cut below what work takes where a minute takes a second", () => {
    expect(overrun("flip", 1_900, 1000 / 60)).toBeUndefined();
  });
});

describe("a poll", () => {
  it("asks at least once, more seldom with time, and never after its window", async () => {
    const passing = clock();
    const asked: number[] = [];
    const sight = await watchFor(passing, { seconds: 20 }, async () => {
      asked.push(passing.now().getTime());
      return { missing: "not there" };
    });
    expect(sight).toEqual({ missing: "not there" });
    const gaps = asked.slice(1).map((at, index) => at - (asked[index] ?? 0));
    expect(gaps).toEqual(gaps.toSorted((a, b) => a - b));
    expect((asked.at(-1) ?? 0) - (asked[0] ?? 0)).toBeLessThanOrEqual(24_000);
  });
});
