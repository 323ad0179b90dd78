import { describe, expect, it, test } from "vitest";
import { MinuteSheet } from "../../../../lib/sla/books/minute-sheet.ts";
import { monthSpan, within } from "../../../../lib/sla/books/month.ts";
import { tallyOf } from "../../../../lib/sla/books/tally.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const minutesIn = (month: string, timezone: string) =>
  tallyOf(new MinuteSheet(monthSpan(month, timezone)).minutes()).minutes.total;

test.for([
  ["a month of 31 days", "2026-07", "Europe/Riga", 44_640],
  ["of 30", "2026-06", "Europe/Riga", 43_200],
  ["of 28", "2026-02", "Europe/Riga", 40_320],
  ["of 29", "2028-02", "Europe/Riga", 41_760],
  ["a century that leaps", "2000-02", "UTC", 41_760],
  ["one that does not", "2100-02", "UTC", 40_320],
  ["a day of 23 hours", "2026-03", "Europe/Zurich", 44_580],
  ["a day of 25 hours", "2026-10", "Europe/Riga", 44_700],
  ["a day of 23 hours in the south", "2026-10", "Australia/Sydney", 44_580],
  ["a day of 23 hours and a half", "2026-10", "Australia/Lord_Howe", 44_610],
  ["a day of 24 hours and a half", "2026-04", "Australia/Lord_Howe", 43_230],
  ["a month without its 30th", "2011-12", "Pacific/Apia", 43_200],
  ["an offset of seconds that ends within the month", "1972-01", "Africa/Monrovia", 44_595],
] as const)("%s: %s in %s has %i minutes", ([, month, timezone, minutes]) => {
  expect(minutesIn(month, timezone)).toBe(minutes);
});

test("a month begins when its first day is first seen, though clocks go back to the last one", () => {
  // At one minute past midnight of the first of November clocks in Newfoundland went back to 23:01.
  const october = monthSpan("2009-10", "America/St_Johns");
  const november = monthSpan("2009-11", "America/St_Johns");
  expect(new Date(november.fromMs).toISOString()).toBe("2009-11-01T02:30:00.000Z");
  expect(october.toMs).toBe(november.fromMs);
});

test.for(["2026-13", "2026-00", "2026-1", "26-10", "2026-10-01", "2026/10", "", "October 2026"])(
  "'%s' is no month",
  (text) => {
    expect(() => monthSpan(text, "UTC")).toThrow(`'${text}' is no month: expected a year and`);
  },
);

describe.each([
  "Europe/Zurich",
  "Europe/Riga",
  "America/New_York",
  "Australia/Sydney",
  "Asia/Jakarta",
  "Pacific/Apia",
])("from 1970 to 2100 in %s", (timezone) => {
  it("each month begins and ends when clocks there show it", () => {
    const dayAt = daysShown(timezone);
    const begins = MONTHS.map((month) => beginOf(month, dayAt));
    const wrong = MONTHS.slice(0, -1).filter((month, index) => {
      const { fromMs, toMs } = monthSpan(month, timezone);
      return fromMs !== begins[index] || toMs !== begins[index + 1];
    });
    expect(wrong).toEqual([]);
  });

  it("every day lies in its month, and each month has all of its days", () => {
    const dayAt = daysShown(timezone);
    const wrong = MONTHS.slice(0, -1).filter((month) => {
      const { fromMs, toMs } = monthSpan(month, timezone);
      const days = new Set<string>();
      // No day is shorter than half of one.
      for (let ms = fromMs; ms < toMs; ms += DAY_MS / 2) days.add(dayAt(ms));
      return [...days].join() !== daysOf(month, timezone).join();
    });
    expect(wrong).toEqual([]);
  });
});

/** January 1970 to January 2101. */
const MONTHS = Array.from({ length: 131 * 12 + 1 }, (_, index) =>
  new Date(Date.UTC(1970, index, 1)).toISOString().slice(0, 7),
);

/** By the calendar alone; Apia left a day out when it moved across the date line. */
function daysOf(month: string, timezone: string): readonly string[] {
  const [year = 0, number = 0] = month.split("-").map(Number);
  const length = new Date(Date.UTC(year, number, 0)).getUTCDate();
  const days = Array.from({ length }, (_, day) => `${month}-${String(day + 1).padStart(2, "0")}`);
  return timezone === "Pacific/Apia" ? days.filter((day) => day !== "2011-12-30") : days;
}

/** The date that a clock shows, by the engine's own tables. */
function daysShown(timeZone: string): (ms: number) => string {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" });
  return (ms) => format.format(ms);
}

/** The first minute at which a clock shows a month, by bisection. */
function beginOf(month: string, dayAt: (ms: number) => string): number {
  const first = `${month}-01`;
  let before = Date.parse(first) - DAY_MS;
  let after = Date.parse(first) + DAY_MS;
  while (after - before > MINUTE_MS) {
    const middle = Math.floor((before + after) / 2 / MINUTE_MS) * MINUTE_MS;
    if (dayAt(middle) >= first) after = middle;
    else before = middle;
  }
  return after;
}

describe("a service that began or ended mid-month", () => {
  const span = { fromMs: 1000, toMs: 2000 };
  test.for([
    ["neither", undefined, undefined, { fromMs: 1000, toMs: 2000 }],
    ["before it, after it", 0, 3000, { fromMs: 1000, toMs: 2000 }],
    ["in it", 1200, 1700, { fromMs: 1200, toMs: 1700 }],
    ["began after it", 2000, undefined, undefined],
    ["ended before it", undefined, 1000, undefined],
  ] as const)("%s", ([, began, ended, part]) => {
    expect(within(span, began, ended)).toEqual(part);
  });
});
