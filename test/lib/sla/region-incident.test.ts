import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Inhabitant,
  lostRegions,
  startNow,
  waitingForOthers,
} from "../../../lib/sla/region-incident.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";

const AT = "2026-11-21T10:00:00.000Z";
const town = (down: number, up: number, regionAnswers = true): Inhabitant[] =>
  Array.from({ length: down + up }, (_, index) => ({
    ...{ instance: `i${index}`, region: "eu-central-2", regionAnswers },
    ...(index < down && { downSince: AT }),
  }));

describe("a region is lost", () => {
  it.each<[string, Inhabitant[], boolean]>([
    ["not by one instance that lives there alone", town(1, 0, false), false],
    ["by two that are all", town(2, 0), true],
    ["not by most of them while it answers itself", town(9, 1), false],
    ["by most of them while it is silent itself", town(6, 4, false), true],
    ["not by half of them, silent or not", town(5, 5, false), false],
    ["not by its silence alone", town(0, 10, false), false],
    ["by all of many", town(50, 0), true],
  ])("%s", (_, inhabitants, lost) => {
    expect(lostRegions(inhabitants).length > 0).toBe(lost);
  });

  it("and its neighbour is not", () => {
    const elsewhere = town(0, 3).map((each) => ({ ...each, region: "eu-central-1" }));
    const [lost, ...more] = lostRegions([...town(3, 0), ...elsewhere]);
    expect(lost).toMatchObject({
      region: "eu-central-2",
      down: ["i0", "i1", "i2"],
      firstBadAt: AT,
    });
    expect(more).toEqual([]);
  });
});

describe("a standby region with more instances than fail over at once", () => {
  const many = (count: number) =>
    fleetOf(Array.from({ length: count }, (_, index) => instance(`i${index}`)));

  it("is named with how many would wait", () => {
    expect(waitingForOthers(many(40))).toEqual([]);
    expect(waitingForOthers(many(50))).toEqual([
      expect.stringMatching(/^eu-central-1: 50.+ 10 wait/),
    ]);
  });
});

const due = fc.record({
  instance: fc.stringMatching(/^[a-z]{1,6}$/),
  rtoSeconds: fc.constantFrom(1800, 3600, 86_400),
  firstBadAt: fc.constantFrom(AT, "2026-11-21T10:00:15.000Z"),
});
const many = fc.uniqueArray(due, { selector: ({ instance }) => instance, maxLength: 60 });

describe("the order of starts", () => {
  it("never exceeds the bound, and leaves nobody out who has a tighter RTO", () => {
    fc.assert(
      fc.property(many, fc.nat(20), fc.integer({ min: 1, max: 20 }), (all, underWay, atOnce) => {
        const chosen = startNow(all, underWay, atOnce);
        expect(chosen.length).toBe(Math.min(all.length, Math.max(0, atOnce - underWay)));
        const left = all.filter((each) => !chosen.includes(each));
        const loosest = Math.max(0, ...chosen.map(({ rtoSeconds }) => rtoSeconds));
        for (const { rtoSeconds } of left) expect(rtoSeconds).toBeGreaterThanOrEqual(loosest);
      }),
    );
  });

  it("comes to everybody in the end", () => {
    fc.assert(
      fc.property(many, fc.integer({ min: 1, max: 5 }), (all, atOnce) => {
        let waiting = all;
        for (let look = 0; look < 60 && waiting.length > 0; look += 1) {
          const chosen = startNow(waiting, 0, atOnce);
          waiting = waiting.filter((each) => !chosen.includes(each));
        }
        expect(waiting).toEqual([]);
      }),
    );
  });
});
