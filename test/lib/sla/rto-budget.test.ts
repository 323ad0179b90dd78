import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { FailoverMode } from "../../../lib/sla/fleet.ts";
import type { Plan, Recovery } from "../../../lib/sla/plan.ts";
import { mintsys } from "../../../lib/sla/presets/mintsys.ts";
import { rtoBudget } from "../../../lib/sla/rto-budget.ts";

const promised: Recovery = mintsys.serverLoss;
const budget = (
  change: {
    plan?: Partial<Plan>;
    ttl?: number;
    mode?: FailoverMode;
    promised?: Partial<Recovery>;
  } = {},
) =>
  rtoBudget({
    plan: { ...mintsys, ...change.plan },
    ttlSeconds: change.ttl ?? 60,
    way: "failover",
    mode: change.mode ?? "automatic",
    promised: { ...promised, ...change.promised },
  });
const every = (everySeconds: number) => ({ watch: { ...mintsys.watch, everySeconds } });

describe("rtoBudget", () => {
  it("names every part of mintsys' half hour", () => {
    const { parts, totalSeconds, marginSeconds } = budget();
    expect(Object.fromEntries(parts.map(({ name, seconds }) => [name, seconds]))).toEqual({
      detection: 53,
      "Multi-AZ": 180,
      decision: 30,
      fence: 60,
      drain: 60,
      promotion: 720,
      proof: 60,
      "record flip": 60,
      TTL: 60,
      "client reconnect": 120,
    });
    expect(totalSeconds).toBe(1403);
    expect(marginSeconds).toBe(397);
  });

  it("leaves out promotion and DNS where the plan does", () => {
    const { parts } = budget({ promised: { includesDns: false } });
    expect(parts.map(({ name }) => name)).toEqual(["detection", "Multi-AZ", "decision"]);
  });

  it("counts the person that a mode waits for", () => {
    expect(budget({ mode: "alert-only" }).totalSeconds).toBe(1703);
    // Six minutes are what half an hour leaves, and a look for the answer.
    expect(budget({ mode: "approval" }).totalSeconds).toBe(1403 + 360 + 30);
  });

  it("is kept strictly: a budget as long as the promise is too long", () => {
    expect(budget({ promised: { rtoSeconds: 1404 } }).change).toBeUndefined();
    expect(budget({ promised: { rtoSeconds: 1403 } }).change).toBeDefined();
  });

  test.for([
    ["the TTL when it is the culprit", { ttl: 600 }, "lower dns.ttl from 600 to at most 456"],
    [
      "the cadence when it is the culprit",
      { plan: every(300) },
      "lower watch.everySeconds from 300 to at most 120",
    ],
    [
      "both when neither suffices",
      { plan: every(300), ttl: 600 },
      "lower watch.everySeconds from 300 to at most 120 and lower dns.ttl from 600 to at most 60",
    ],
    [
      "the mode when a person is what it cannot afford",
      { mode: "alert-only", ttl: 400 },
      "set failover from alert-only to automatic",
    ],
    [
      "how long a person is asked for when that is too long",
      { mode: "approval", plan: { approval: { withinSeconds: 600 } } },
      "lower approval.withinSeconds from 600 to at most 366",
    ],
    [
      "the mode when there is no time to ask anybody",
      { mode: "approval", ttl: 400 },
      "set failover from approval to automatic",
    ],
    [
      "the promise when nothing else helps",
      { promised: { rtoSeconds: 900 } },
      "raise rtoSeconds from 900 to at least 1332: no cadence or TTL makes up for it",
    ],
  ] as const)("says to change %s", ([, change, advice]) => {
    expect(budget(change).change?.advice).toBe(advice);
  });

  it("gives advice that works: with the new numbers the promise is kept", () => {
    const numbers = [
      fc.constantFrom(1, 5, 15, 30, 60, 120, 300),
      fc.integer({ min: 30, max: 2000 }),
    ] as const;
    fc.assert(
      fc.property(...numbers, fc.integer({ min: 1300, max: 3000 }), (cadence, ttl, rtoSeconds) => {
        const { change } = budget({ plan: every(cadence), ttl, promised: { rtoSeconds } });
        fc.pre(change !== undefined);
        const to = (name: string) =>
          Number(
            new RegExp(`${name} from \\d+ to at (?:most|least) (\\d+)`).exec(change.advice)?.[1],
          );
        const repaired = budget({
          plan: every(to("everySeconds") || (to("rtoSeconds") ? 1 : cadence)),
          ttl: to("ttl") || (to("rtoSeconds") ? 30 : ttl),
          promised: { rtoSeconds: to("rtoSeconds") || rtoSeconds },
        });
        expect(repaired.change).toBeUndefined();
      }),
    );
  });

  it("grows with the TTL second by second", () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(10_000), (ttl, more) => {
        expect(budget({ ttl: ttl + more }).totalSeconds - budget({ ttl }).totalSeconds).toBe(more);
      }),
    );
  });
});
