interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** In the order of AWS's six fields. Days of the week count from 1 = Sunday. */
export const FIELDS = {
  minutes: { name: "minutes", from: 0, to: 59 },
  hours: { name: "hours", from: 0, to: 23 },
  dayOfMonth: { name: "day of month", from: 1, to: 31 },
  month: { name: "month", from: 1, to: 12, names: MONTHS },
  dayOfWeek: { name: "day of week", from: 1, to: 7, names: DAYS },
  year: { name: "year", from: 1970, to: 2199 },
} as const satisfies Record<string, Field>;

/** The values of a list of `*`, `a`, `a-b`, `a/n`, `a-b/n`. Throws RangeError naming the field. */
export function valuesOf(text: string, field: Field): ReadonlySet<number> {
  return new Set(text.split(",").flatMap((part) => spanOf(part, field)));
}

const PART = /^(?<first>\*|\w+)(?:-(?<last>\w+))?(?:\/(?<step>\d+))?$/;

function spanOf(part: string, field: Field): number[] {
  const { first, last, step } = PART.exec(part)?.groups ?? {};
  if (first === undefined) throw bad(part, field);
  const from = first === "*" ? field.from : numberOf(first, field);
  const open = first === "*" || step !== undefined;
  const to = last === undefined ? (open ? field.to : from) : numberOf(last, field);
  const every = Number(step ?? 1);
  if (every < 1 || to < from) throw bad(part, field);
  return Array.from({ length: Math.floor((to - from) / every) + 1 }, (_, k) => from + k * every);
}

export function numberOf(text: string, field: Field): number {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  const value = named >= 0 ? named + 1 : Number(text);
  if (Number.isInteger(value) && value >= field.from && value <= field.to) return value;
  throw bad(text, field);
}

const bad = (text: string, { name, from, to }: Field) =>
  new RangeError(`${name}: '${text}' is not allowed, expected values from ${from} to ${to}`);
