import Holidays from "date-holidays";
import { describe, expect, it, test } from "vitest";
import { hasKnownHolidays } from "../../../../lib/sla/support/holiday-countries.ts";
import { publicHolidays } from "../../../../lib/sla/support/holidays.ts";

describe("public holidays", () => {
  it("of Belgium are the ten of its law, Easter's among them", () => {
    expect([...publicHolidays("BE", 2026)].toSorted()).toEqual([
      ...["2026-01-01", "2026-04-06", "2026-05-01", "2026-05-14", "2026-05-25"],
      ...["2026-07-21", "2026-08-15", "2026-11-01", "2026-11-11", "2026-12-25"],
    ]);
  });

  test.for([
    ["stand-ins where a holiday falls on a weekend", "GB", "2026-12-28"],
    ["a stand-in in the year before", "US", "2027-12-31"],
    ["the last day of one that lasts for three", "TR", "2026-03-22"],
    ["midsummer", "SE", "2026-06-20"],
  ] as const)("have %s", ([, country, day]) => {
    expect(publicHolidays(country, Number(day.slice(0, 4)))).toContain(day);
  });

  test.for([
    ["a bank holiday that is not public", "BE", "2026-12-26"],
    ["days of other years", "BE", "2027-01-01"],
    ["a half day: its business hours go on", "TR", "2026-03-23"],
  ] as const)("do not have %s", ([, country, day]) => {
    expect(publicHolidays(country, 2026)).not.toContain(day);
  });

  it("are known of just those countries that the fleet file may name", () => {
    const known = Object.keys(new Holidays().getCountries());
    expect(known.length).toBeGreaterThan(200);
    expect(known.filter((country) => !hasKnownHolidays(country))).toEqual([]);
    expect(["XX", "local", ""].filter(hasKnownHolidays)).toEqual([]);
  });
});
