import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { cloudpepperHigh } from "../../../../lib/sla/presets/cloudpepper-high.ts";
import { cloudworkz } from "../../../../lib/sla/presets/cloudworkz.ts";
import type { Priority, Support } from "../../../../lib/sla/service-terms.ts";
import { publicHolidays } from "../../../../lib/sla/support/holidays.ts";
import { replyDue } from "../../../../lib/sla/support/reply-clock.ts";

const { support } = cloudpepperHigh;
const OFFICE = { timezone: "Europe/Riga" };
const iso = (ms: number | undefined) =>
  ms === undefined ? undefined : new Date(ms).toISOString().slice(0, 16);

const due = (from: string | number, priority: Priority, more: Partial<{ isPaged: boolean }> = {}) =>
  replyDue(
    {
      fromMs: typeof from === "number" ? from : Date.parse(from),
      priority,
      isPaged: false,
      ...more,
    },
    support,
    OFFICE,
    publicHolidays,
  );

describe("a first reply is due", () => {
  test.for([
    // Brussels is two hours ahead of UTC in summer, one in winter; 2026-06-01 is a Monday.
    ["within the hours of one day", 2, "2026-06-02T08:00Z", "2026-06-02T10:00"],
    ["at their end, not the next morning", 2, "2026-06-02T14:00Z", "2026-06-02T16:00"],
    ["the rest of it the next morning", 2, "2026-06-02T15:30Z", "2026-06-03T08:30"],
    ["after a weekend", 2, "2026-06-05T15:00Z", "2026-06-08T08:00"],
    ["from the next opening on, if asked at night", 2, "2026-06-02T22:00Z", "2026-06-03T09:00"],
    ["from Monday on, if asked on a Sunday", 2, "2026-06-07T12:00Z", "2026-06-08T09:00"],
    ["a business day later at the same time", 3, "2026-06-02T08:15Z", "2026-06-03T08:15"],
    [
      "at the end of the next day, if asked when nobody is there",
      3,
      "2026-06-02T17:00Z",
      "2026-06-03T16:00",
    ],
    ["past Ascension, a Thursday", 3, "2026-05-13T10:00Z", "2026-05-15T10:00"],
    ["past a weekend and Whit Monday", 4, "2026-05-22T10:00Z", "2026-05-27T10:00"],
    ["past Christmas and New Year", 4, "2026-12-31T13:00Z", "2027-01-05T13:00"],
    [
      "past the change of the clocks, by the wall's clock",
      3,
      "2026-03-27T09:00Z",
      "2026-03-30T08:00",
    ],
  ] as const)("%s", ([, priority, from, expected]) => {
    expect(iso(due(from, priority)?.dueMs)).toBe(expected);
  });

  it("round the clock where that was sold and paging asked for, holidays or not", () => {
    expect(iso(due("2026-12-25T03:00Z", 1, { isPaged: true })?.dueMs)).toBe("2026-12-25T03:30");
  });

  it("never, where paging was not asked for or no reply was sold", () => {
    expect(due("2026-06-02T08:00Z", 1)).toBeUndefined();
    const wish = { fromMs: 0, priority: 2, isPaged: true } as const;
    expect(replyDue(wish, cloudworkz.support, OFFICE, publicHolidays)).toBeUndefined();
    expect(replyDue(wish, undefined, OFFICE, publicHolidays)).toBeUndefined();
  });

  test.for([
    ["a quarter of the time before", 2, "2026-06-02T08:00Z", "2026-06-02T09:30"],
    [
      "in business hours, though it is due first thing in the morning",
      2,
      "2026-06-02T14:15Z",
      "2026-06-02T15:45",
    ],
    ["ten minutes before where a quarter is less", 1, "2026-06-02T08:00Z", "2026-06-02T08:20"],
  ] as const)("and the provider warned %s", ([, priority, from, expected]) => {
    expect(iso(due(from, priority, { isPaged: true })?.warnMs)).toBe(expected);
  });

  it("by the provider's own zone and holidays where the plan says local", () => {
    const local: Support = {
      hours: cloudworkz.support.hours,
      replies: [{ priority: 2, within: { amount: 2, unit: "hours" }, clock: "business-hours" }],
    };
    const wish = { fromMs: Date.parse("2026-06-05T14:00Z"), priority: 2, isPaged: false } as const;
    const inStockholm = { timezone: "Europe/Stockholm", holidays: "SE" };
    expect(iso(replyDue(wish, local, inStockholm, publicHolidays)?.dueMs)).toBe("2026-06-08T07:00");
    expect(() => replyDue(wish, local, OFFICE, publicHolidays)).toThrow("holidays:");
  });
});

const HOLIDAYS = [
  "2026-11-11",
  "2026-12-25",
  "2027-01-01",
  "2027-03-29",
  "2027-05-01",
  "2027-05-06",
];
const MINUTE = 60_000;
const FROM = Date.parse("2026-11-01T00:00Z") / MINUTE;
const minuteOf = fc.integer({ min: FROM, max: FROM + 180 * 1440 });
const anyPriority = fc.constantFrom<Priority>(2, 3, 4);

const clock = new Intl.DateTimeFormat("sv-SE", {
  ...{ timeZone: "Europe/Brussels", dateStyle: "short", timeStyle: "short" },
});

/** By the wall's clock alone: whether the minute that begins then is one of business. */
function isOpen(minute: number): boolean {
  const [day = "", time = ""] = clock.format(minute * MINUTE).split(" ");
  const weekday = new Date(`${day}T12:00Z`).getUTCDay();
  const isFree = weekday === 0 || weekday === 6 || HOLIDAYS.includes(day);
  return !isFree && time >= "09:00" && time < "18:00";
}

describe("laws of the reply clock", () => {
  it("counting business minutes one by one says the same", () => {
    const minutes = { 2: 120, 3: 540, 4: 1080 } as const;
    fc.assert(
      fc.property(minuteOf, fc.constantFrom(2, 3, 4), (from, priority) => {
        let minute = from;
        for (let left = minutes[priority]; left > 0; minute++) if (isOpen(minute)) left--;
        expect(due(from * MINUTE, priority)?.dueMs).toBe(minute * MINUTE);
      }),
      { numRuns: 60 },
    );
  });

  it("whoever asks later is never owed an answer earlier", () => {
    const asked = fc.tuple(minuteOf, fc.integer({ min: 0, max: 5 * 1440 }), anyPriority);
    fc.assert(
      fc.property(asked, ([from, later, priority]) => {
        const first = due(from * MINUTE, priority)?.dueMs ?? Number.NaN;
        const second = due((from + later) * MINUTE, priority)?.dueMs ?? Number.NaN;
        expect(second).toBeGreaterThanOrEqual(first);
      }),
    );
  });

  it("nothing is due while nobody is there, and people are warned while somebody is", () => {
    fc.assert(
      fc.property(minuteOf, anyPriority, (from, priority) => {
        const found = due(from * MINUTE, priority);
        if (!found) throw new Error("promised");
        expect(isOpen(found.dueMs / MINUTE - 1)).toBe(true);
        expect(isOpen(found.warnMs / MINUTE - 1)).toBe(true);
        expect(found.warnMs).toBeLessThan(found.dueMs);
      }),
    );
  });
});
