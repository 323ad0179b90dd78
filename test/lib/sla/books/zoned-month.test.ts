import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lastMonth } from "../../../../functions/report/last-month.ts";
import { timezoneOf, timezonesOf } from "../../../../lib/sla/books/timezone.ts";
import { zoneDays, zonedMonth } from "../../../../lib/sla/books/zoned-month.ts";
import { fleetOf, instance } from "../../../fakes/fleet.ts";

const ACME = instance("acme");
const FLEET = fleetOf([ACME]);
const EAST = "Pacific/Kiritimati";
const WEST = "Pacific/Pago_Pago";
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 16);

/** What days say of acme: a zone, or that it was there when no zone was recorded. */
function monthOf(month: string, days: Readonly<Record<string, string | null>>, of = ACME) {
  const zoneOn = (day: string, id: string) => {
    const zone = id === "acme" ? days[day] : undefined;
    if (zone === undefined) return undefined;
    return zone === null ? {} : { timezone: zone };
  };
  const { timezone, span } = zonedMonth(month, of, FLEET, zoneOn);
  return [timezone, iso(span.fromMs), iso(span.toMs)];
}

describe("whose month it is", () => {
  it("is the instance's own, its plan's, or else the provider's", () => {
    const plans = { quick: {}, far: { timezone: EAST } };
    const of = (changes: object) =>
      timezoneOf(instance("acme", changes), { plans, provider: FLEET.provider });
    expect([of({}), of({ plan: "far" }), of({ plan: "far", timezone: WEST })]).toEqual([
      ...["Europe/Zurich", EAST, WEST],
    ]);
    const all = fleetOf([ACME, instance("birch", { timezone: EAST })]);
    expect(timezonesOf(all)).toEqual(["Europe/Zurich", EAST]);
  });

  it("is looked up on the first and last UTC days of it and of the month before", () => {
    expect(zoneDays("2028-03")).toEqual(["2028-02-01", "2028-02-29", "2028-03-01", "2028-03-31"]);
  });

  it.each<[string, Readonly<Record<string, string | null>>, readonly string[]]>([
    ["is the fleet's while nothing is recorded", {}, ["10-31T23:00", "11-30T23:00"]],
    ["is what its first day says", { "2026-11-01": EAST }, ["10-31T10:00", "11-30T10:00"]],
    [
      "is not what was changed after its first day",
      { "2026-10-01": EAST, "2026-11-01": EAST, "2026-11-30": WEST },
      ["10-31T10:00", "11-30T10:00"],
    ],
    [
      "of who came later is what its last day says",
      { "2026-11-30": WEST },
      ["11-01T11:00", "12-01T11:00"],
    ],
    [
      "begins where the one before ended, also if it is shorter for that",
      { "2026-10-01": WEST, "2026-11-01": EAST },
      ["11-01T11:00", "11-30T10:00"],
    ],
    [
      "or longer, by more than a day",
      { "2026-10-01": EAST, "2026-11-01": WEST },
      ["10-31T10:00", "12-01T11:00"],
    ],
    [
      "was the provider's before zones were recorded",
      { "2026-10-01": null, "2026-11-01": EAST },
      ["10-31T23:00", "11-30T10:00"],
    ],
  ])("%s", (_, days, [from, to]) => {
    const moved = monthOf("2026-11", days).slice(1);
    expect(moved).toEqual([`2026-${from}`, `2026-${to}`]);
  });

  it("has every instant in exactly one month, wherever clocks are changed and however often", () => {
    const zone = fc.constantFrom(EAST, WEST, "Europe/Zurich", "Australia/Lord_Howe", undefined);
    const months = Array.from(
      { length: 12 },
      (_, index) => `2026-${`${index + 1}`.padStart(2, "0")}`,
    );
    const days = months.flatMap((month) => zoneDays(month).slice(2));
    fc.assert(
      fc.property(fc.array(zone, { minLength: 24, maxLength: 24 }), zone, (zones, today) => {
        const recorded = new Map(days.map((day, index) => [day, zones[index]]));
        const of = { ...ACME, ...(today && { timezone: today }) };
        const known = (day: string) => recorded.get(day) !== undefined;
        const spans = months
          // What no day says at all follows the fleet file, which is changed at will.
          .filter((month) => zoneDays(month).slice(2).some(known))
          .map((month) => {
            const zoneOn = (day: string) => {
              const timezone = recorded.get(day);
              return timezone === undefined ? undefined : { timezone };
            };
            return { month, ...zonedMonth(month, of, FLEET, zoneOn).span };
          });
        for (const [index, { month, fromMs }] of spans.entries()) {
          const before = spans[index - 1];
          if (before && zoneDays(month)[0] === `${before.month}-01`) {
            expect(fromMs).toBe(before.toMs);
          }
        }
        expect(spans.every(({ fromMs, toMs }) => toMs - fromMs > 26 * 86_400_000)).toBe(true);
      }),
      { numRuns: 50, examples: [[days.map((_, index) => (index % 4 < 2 ? EAST : WEST)), EAST]] },
    );
  });
});

describe("the last month that may be published", () => {
  it.each([
    ["in the east it waits for the day of UTC", [EAST], "2026-10-31T12:00Z", "2026-09"],
    ["and is due with it", [EAST], "2026-11-01T00:40Z", "2026-10"],
    ["in the west it waits for its own end", [WEST], "2026-11-01T10:40Z", "2026-09"],
    ["and is due with that", [WEST], "2026-11-01T12:40Z", "2026-10"],
    ["of both it is due with the first", [WEST, EAST], "2026-11-01T00:40Z", "2026-10"],
  ])("%s", (_, zones, at, month) => {
    expect(lastMonth(Date.parse(at), zones)).toBe(month);
  });
});
