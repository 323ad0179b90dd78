import { isoDay, type LocalDays } from "../../lib/sla/backups/local-days.ts";
import { type Course, endOf, hull, merged, type Stretch } from "./course.ts";
import type { SealedOf } from "./sealed.ts";

/** So many days a page shows, the one of now among them. */
export const DAYS_SHOWN = 90;

/** One day as clocks of a zone show it; of the last one only what has passed. */
export interface Day {
  /** `2026-11-22` */
  readonly date: string;
  readonly spanMs: number;
  readonly downMs: number;
  /** Neither up nor down, as far as anybody knows. */
  readonly unseenMs: number;
}

/** The last days of a course, oldest first. What was down was not unseen. A day that is sealed is what its seals say. */
export function daysOf(
  course: Course,
  calendar: LocalDays,
  nowMs: number,
  sealed: SealedOf = () => undefined,
): readonly Day[] {
  const today = calendar.day(nowMs);
  const down = merged(course.down, hull);
  const before = { fromMs: Number.NEGATIVE_INFINITY, toMs: course.sinceMs ?? nowMs };
  const either = merged([...down, ...course.unseen, before], hull);
  return Array.from({ length: DAYS_SHOWN }, (_, index) => {
    const day = today - (DAYS_SHOWN - 1) + index;
    const fromMs = calendar.midnight(day);
    const toMs = Math.min(calendar.midnight(day + 1), nowMs);
    const of = { date: isoDay(day), spanMs: toMs - fromMs };
    const known = day < today ? sealed(of.date, of.spanMs) : undefined;
    if (known) return { ...of, ...known };
    const downMs = within(down, fromMs, toMs);
    const unseenMs = within(either, fromMs, toMs) - downMs;
    return { ...of, downMs, unseenMs };
  });
}

/** The same days of several, as if they were one. */
export function meanDays(all: readonly (readonly Day[])[]): readonly Day[] {
  const [first = []] = all;
  const mean = (index: number, of: (day: Day) => number) =>
    all.reduce((sum, days) => sum + (days[index] ? of(days[index]) : 0), 0) / all.length;
  return first.map((day, index) => ({
    ...day,
    downMs: mean(index, ({ downMs }) => downMs),
    unseenMs: mean(index, ({ unseenMs }) => unseenMs),
  }));
}

const within = (stretches: readonly Stretch[], fromMs: number, toMs: number): number =>
  stretches.reduce(
    (sum, each) => sum + Math.max(0, Math.min(endOf(each), toMs) - Math.max(each.fromMs, fromMs)),
    0,
  );
