import type { Sentence } from "./clause.ts";
import { type CivilDay, firstOfMonth, isoDay, type LocalDays, nextMonday } from "./local-days.ts";

/** A period that has to have so many backups from one instant to another. */
export interface Duty {
  readonly clause: "days" | "weeks" | "months";
  readonly name: string;
  readonly first: CivilDay;
  /** Excluded. */
  readonly end: CivilDay;
  readonly needed: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Every period of a rotation that is judged before the end, with when. */
export const dutiesOf = (
  sentence: Sentence,
  first: CivilDay,
  zone: LocalDays,
  untilMs: number,
): Duty[] => [
  ...dayDuties(sentence, first, zone, untilMs),
  ...weekDuties(sentence, first, zone, untilMs),
  ...monthDuties(sentence, first, zone, untilMs),
];

/** A day is sold from the midnight that ends it until so many days have followed it. */
function dayDuties(
  { days, perDay }: Sentence,
  first: CivilDay,
  zone: LocalDays,
  untilMs: number,
): Duty[] {
  const judgedMs = zone.midnight(first + days);
  return walk(first, (day) => day + 1, zone, untilMs).flatMap((day) => {
    const end = day + 1;
    const name = `day ${isoDay(day)}`;
    const duty = { clause: "days", name, first: day, end, needed: perDay } as const;
    return within(duty, zone.midnight(end), zone.midnight(end + days), judgedMs, untilMs);
  });
}

/** A week is sold once the sold days have passed it, until as many weeks have followed it as are sold. */
function weekDuties(
  { days, weeks }: Sentence,
  first: CivilDay,
  zone: LocalDays,
  untilMs: number,
): Duty[] {
  if (weeks === 0) return [];
  const monday = nextMonday(first);
  const judgedMs = zone.midnight(monday + 7 * weeks + days);
  return walk(monday, (week) => week + 7, zone, untilMs).flatMap((week) => {
    const end = week + 7;
    const from = end + days;
    const name = `week of ${isoDay(week)}`;
    const duty = { clause: "weeks", name, first: week, end, needed: 1 } as const;
    const toMs = zone.midnight(from + 7 * weeks);
    return within(duty, zone.midnight(from), toMs, judgedMs, untilMs);
  });
}

/** A month is sold once all sold weeks begin behind it, until as many months have followed it as are sold. */
function monthDuties(
  { days, weeks, months }: Sentence,
  first: CivilDay,
  zone: LocalDays,
  untilMs: number,
): Duty[] {
  if (months === 0) return [];
  const passed = (next: CivilDay) => (weeks > 0 ? nextMonday(next) : next) + 7 * weeks + days;
  const whole = firstOfMonth(first, 0) === first ? first : firstOfMonth(first, 1);
  const judgedMs = zone.midnight(passed(firstOfMonth(whole, months)));
  return walk(whole, (month) => firstOfMonth(month, 1), zone, untilMs).flatMap((month) => {
    const end = firstOfMonth(month, 1);
    const name = `month ${isoDay(month).slice(0, 7)}`;
    const duty = { clause: "months", name, first: month, end, needed: 1 } as const;
    const [from, to] = [passed(end), passed(firstOfMonth(end, months))];
    return within(duty, zone.midnight(from), zone.midnight(to), judgedMs, untilMs);
  });
}

/** Beginnings of all periods that may have to be judged. */
function walk(
  first: CivilDay,
  next: (day: CivilDay) => CivilDay,
  zone: LocalDays,
  untilMs: number,
): CivilDay[] {
  const found: CivilDay[] = [];
  for (let at = first; zone.midnight(at) < untilMs; at = next(at)) found.push(at);
  return found;
}

function within(
  duty: Omit<Duty, "fromMs" | "toMs">,
  fromMs: number,
  toMs: number,
  judgedMs: number,
  untilMs: number,
): Duty[] {
  const limits = { fromMs: Math.max(fromMs, judgedMs), toMs: Math.min(toMs, untilMs) };
  return limits.fromMs < limits.toMs ? [{ ...duty, ...limits }] : [];
}
