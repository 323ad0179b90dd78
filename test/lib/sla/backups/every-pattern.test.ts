import { expect, test } from "vitest";
import { ZoneCalendar } from "../../../../lib/sla/backups/calendar.ts";
import { type Dated, dated } from "../../../../lib/sla/backups/dated.ts";
import { decide } from "../../../../lib/sla/backups/retain.ts";
import type { Rotation } from "../../../../lib/sla/plan.ts";
import { type Moment, needless, type Stood, stood, worse } from "./fewest.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const LASTS_MS = 15 * 60_000;
const calendar = new ZoneCalendar("UTC");
const day = (name: string) => Date.parse(name) / DAY_MS;

/** What is live, both as it is planned and as it is judged. */
interface Live {
  readonly planned: readonly Dated[];
  readonly judged: readonly Stood[];
}

interface Course {
  readonly rotation: Rotation;
  /** Hours of UTC at which backups are taken. */
  readonly hours: readonly number[];
  readonly everyDays: number;
  readonly from: string;
  readonly days: number;
}

const NIGHTLY = { hours: [4], everyDays: 1 };
const SMALL: Rotation = { perDay: 1, days: 1, weeks: 1, months: 1, count: 3, oldestMonths: 1 };

const COURSES: readonly (readonly [string, Course])[] = [
  [
    "a day, a week, a month; three, one of a month ago",
    { ...NIGHTLY, rotation: SMALL, from: "2025-01-27", days: 40 },
  ],
  [
    "the same, begun within a week and a month",
    { ...NIGHTLY, rotation: SMALL, from: "2024-02-15", days: 34 },
  ],
  [
    "more days and a larger number",
    { ...NIGHTLY, rotation: { ...SMALL, days: 2, count: 5 }, from: "2024-02-20", days: 17 },
  ],
  [
    "over four months, every three days",
    { hours: [4], everyDays: 3, rotation: { ...SMALL, count: 2 }, from: "2025-01-13", days: 120 },
  ],
  [
    "no weeks",
    {
      ...{ hours: [4], everyDays: 5, from: "2025-01-21", days: 100 },
      rotation: { ...SMALL, weeks: 0, months: 2, count: 4 },
    },
  ],
  [
    "no days and no months",
    {
      ...{ ...NIGHTLY, from: "2025-01-08", days: 30 },
      rotation: { ...SMALL, days: 0, weeks: 2, months: 0, count: 2, oldestMonths: 0 },
    },
  ],
  [
    "two a day",
    {
      ...{ hours: [7, 15], everyDays: 1, from: "2025-01-09", days: 9 },
      rotation: { ...SMALL, perDay: 2, months: 0, count: 4, oldestMonths: 0 },
    },
  ],
];

/**
 * Every pattern of missed backups from the first day on. Patterns that have left the same backups go on together: what is planned
 * and judged depends on those alone, so that millions of millions of patterns are some ten thousand.
 */
test.each(COURSES)(
  "%s: whatever is missed, no deletion breaks a clause and nothing needless is kept",
  (_, { rotation, hours, everyDays, from, days }) => {
    const first = day(from);
    let all = new Map<string, Live>([["", { planned: [], judged: [] }]]);
    for (let today = first; today < first + days; today += 1) {
      const midnight = { today, nowMs: today * DAY_MS };
      all = byContent([...all.values()].map((live) => step(live, rotation, midnight)));
      const due = (today - first) % everyDays === 0 ? hours : [];
      for (const hour of due) {
        const takenMs = midnight.nowMs + hour * HOUR_MS;
        const held = { id: new Date(takenMs).toISOString(), takenMs, schedules: [] };
        const [next, alike] = [dated(held, calendar), stood(held, rotation, "UTC")];
        const there = { today, nowMs: takenMs + LASTS_MS };
        const taken = [...all.values()].map(({ planned, judged }) =>
          step({ planned: [...planned, next], judged: [...judged, alike] }, rotation, there),
        );
        all = byContent([...all.values(), ...taken]);
      }
    }
    expect(all.size).toBeGreaterThan(100);
  },
  60_000,
);

/** One decision, judged. */
function step({ planned, judged }: Live, rotation: Rotation, moment: Moment): Live {
  const { kept } = decide({ rotation, schedules: [] }, planned, calendar, moment.nowMs);
  const isKept = (index: number) => kept.has(planned[index] as Dated);
  const left = judged.filter((__, index) => isKept(index));
  const [broken, spare] = [worse(judged, left, rotation, moment), needless(left, rotation, moment)];
  if (broken.length > 0 || spare.length > 0) {
    const at = new Date(moment.nowMs).toISOString();
    expect.fail(
      `${at} of ${names(judged)} stay ${names(left)}: broken ${broken}, needless ${spare}`,
    );
  }
  return { planned: planned.filter((each) => kept.has(each)), judged: left };
}

const names = (all: readonly Stood[]) => all.map(({ id }) => id.slice(0, 13)).join(" ");

const byContent = (all: readonly Live[]) =>
  new Map(all.map((live) => [live.planned.map(({ takenMs }) => takenMs).join(), live]));
