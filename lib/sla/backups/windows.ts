import type { Rotation } from "../plan.ts";
import { type Day, firstDayOfWeek, type Month, monthOf, type Week, weekOf } from "./calendar.ts";

/** First and last period of each tier that has to have a backup; a tier that is not sold ends before it begins. */
export interface Windows {
  readonly days: Span;
  readonly weeks: Span;
  readonly months: Span;
}

interface Span {
  readonly first: number;
  readonly last: number;
}

/** What has to be covered at any instant of `today`. */
export function windowsOf(
  { days, weeks, months }: Pick<Rotation, "days" | "weeks" | "months">,
  today: Day,
): Windows {
  const firstDay = today - days;
  const lastWeek: Week = weekOf(firstDay) - 1;
  const firstWeek = lastWeek - weeks + 1;
  const lastMonth: Month = monthOf(weeks > 0 ? firstDayOfWeek(firstWeek) : firstDay) - 1;
  return {
    days: { first: firstDay, last: today - 1 },
    weeks: { first: firstWeek, last: lastWeek },
    months: { first: lastMonth - months + 1, last: lastMonth },
  };
}
