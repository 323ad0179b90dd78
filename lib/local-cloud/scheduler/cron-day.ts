import { FIELDS, numberOf, valuesOf } from "./cron-field.ts";

/** Whether a date is meant. `month` from 1. */
export type DayRule = (year: number, month: number, day: number) => boolean;

const lastDay = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();
/** 1 = Sunday. */
const weekday = (year: number, month: number, day: number) =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;

/** Day of month: `?`, values, `L` (the last), `15W` (the weekday nearest to the 15th), `LW`. */
export function dayOfMonthRule(text: string): DayRule {
  if (text === "?") return () => true;
  if (text === "L") return (year, month, day) => day === lastDay(year, month);
  const nearest = /^(?<day>\d+|L)W$/.exec(text)?.groups?.["day"];
  if (nearest !== undefined) {
    const given = nearest === "L" ? undefined : numberOf(nearest, FIELDS.dayOfMonth);
    return (year, month, day) => day === nearestWeekday(year, month, given);
  }
  const days = valuesOf(text, FIELDS.dayOfMonth);
  return (_year, _month, day) => days.has(day);
}

/** Never leaves the month: the nearest to a Saturday the 1st is Monday the 3rd. */
function nearestWeekday(year: number, month: number, given: number | undefined): number {
  const last = lastDay(year, month);
  const day = given === undefined ? last : Math.min(given, last);
  const on = weekday(year, month, day);
  if (on === 7) return day > 1 ? day - 1 : day + 2;
  if (on === 1) return day < last ? day + 1 : day - 2;
  return day;
}

/** Day of week: `?`, values, `6#3` (the third Friday), `6L` (the last Friday). */
export function dayOfWeekRule(text: string): DayRule {
  if (text === "?") return () => true;
  const nth = /^(?<on>\w+)#(?<nth>[1-5])$/.exec(text)?.groups;
  if (nth) {
    const on = numberOf(String(nth["on"]), FIELDS.dayOfWeek);
    const which = Number(nth["nth"]);
    return (year, month, day) => weekday(year, month, day) === on && Math.ceil(day / 7) === which;
  }
  const last = /^(?<on>\w+)L$/.exec(text)?.groups;
  if (last) {
    const on = numberOf(String(last["on"]), FIELDS.dayOfWeek);
    return (year, month, day) => weekday(year, month, day) === on && day + 7 > lastDay(year, month);
  }
  const days = valuesOf(text === "L" ? "7" : text, FIELDS.dayOfWeek);
  return (year, month, day) => days.has(weekday(year, month, day));
}
