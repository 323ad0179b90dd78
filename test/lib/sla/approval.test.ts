import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { approvalPolicy } from "../../../lib/sla/approval.ts";
import type { Plan } from "../../../lib/sla/plan.ts";
import { mintsys } from "../../../lib/sla/presets/mintsys.ts";
import { PRESETS } from "../../../lib/sla/presets.ts";
import { rtoBudget } from "../../../lib/sla/rto-budget.ts";

const planWith = (changes: Partial<Plan>): Plan => ({ ...mintsys, ...changes });

describe("how long a failover waits for a person", () => {
  test.for<[string, Partial<Plan>, number, number]>([
    ["what half an hour leaves", {}, 60, 360],
    ["less with a slower DNS", {}, 200, 180],
    ["a minute where nothing is left", {}, 600, 60],
    [
      "a quarter of an hour at most",
      { serverLoss: { ...mintsys.serverLoss, rtoSeconds: 7200 } },
      60,
      900,
    ],
    ["what the plan says", { approval: { withinSeconds: 1234 } }, 60, 1234],
  ])("is %s", ([, changes, ttl, expected]) => {
    expect(approvalPolicy(planWith(changes), ttl).withinSeconds).toBe(expected);
  });

  it("is a quarter of an hour where no recovery time is promised", () => {
    const { serverLoss: _server, siteLoss: _site, ...rest } = mintsys;
    expect(approvalPolicy(rest, 60).withinSeconds).toBe(900);
  });

  it("keeps every promise that an automatic failover keeps with two minutes to spare", () => {
    const cases = Object.values(PRESETS).flatMap((plan) =>
      [plan.serverLoss, plan.siteLoss].flatMap((promised) =>
        promised ? [{ plan, promised }] : [],
      ),
    );
    const ttls = fc.integer({ min: 1, max: 900 });
    fc.assert(
      fc.property(fc.constantFrom(...cases), ttls, ({ plan, promised }, ttlSeconds) => {
        const input = { plan, ttlSeconds, way: "failover", promised } as const;
        fc.pre(rtoBudget({ ...input, mode: "automatic" }).marginSeconds > 120);
        expect(rtoBudget({ ...input, mode: "approval" }).marginSeconds).toBeGreaterThan(0);
      }),
    );
  });

  it("goes on without an answer and asks the provider, unless the plan says otherwise", () => {
    expect(approvalPolicy(mintsys, 60)).toMatchObject({ otherwise: "failover", asks: "provider" });
    const plan = planWith({ approval: { otherwise: "halt", asks: "everybody" } });
    expect(approvalPolicy(plan, 60)).toMatchObject({ otherwise: "halt", asks: "everybody" });
  });
});
