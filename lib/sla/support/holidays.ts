import Holidays from "date-holidays";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const known = new Map<string, ReadonlySet<string>>();

/**
 * The days of a year, `2026-12-25`, on which a country (ISO 3166-1, `BE`) has a public holiday, with the days that stand in for one on a
 * weekend where its law says so. A holiday of half a day frees no day. Empty for a country that is not known.
 */
export function publicHolidays(country: string, year: number): ReadonlySet<string> {
  const key = `${country} ${year}`;
  const found = known.get(key) ?? new Set(freeDays(country, year));
  known.set(key, found);
  return found;
}

/** Some last for days, and what stands in for the first of January may lie in the year before. */
function freeDays(country: string, year: number): readonly string[] {
  const calendar = new Holidays(country, { types: ["public"] });
  return [year - 1, year, year + 1]
    .flatMap((each) => calendar.getHolidays(each))
    .flatMap(({ date, start, end }) => {
      const first = Date.parse(`${date.slice(0, 10)}T00:00:00Z`);
      const hours = (end.getTime() - start.getTime()) / HOUR_MS;
      const isFromMidnight = date.slice(11, 16) === "00:00";
      const days = isFromMidnight ? Math.max(1, Math.floor(hours / 24)) : 0;
      return Array.from({ length: days }, (_, day) =>
        new Date(first + day * DAY_MS).toISOString().slice(0, 10),
      );
    })
    .filter((day) => day.startsWith(`${year}-`));
}
