import { cron, type Timetable } from "./cron.ts";
import { formatFor, instantOf } from "./zone.ts";

const UNIT_MS: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};
const RATE = /^(?<count>[1-9]\d*) (?<unit>minute|hour|day)s?$/;
const AT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/;

/**
 * Reads `rate(…)`, `cron(…)` or `at(…)`; a rate counts from `originMs`, its first slot.
 * Throws RangeError with the place, the value and what is allowed.
 */
export function timetableOf(expression: string, zone: string, originMs: number): Timetable {
  const { kind, body = "" } =
    /^(?<kind>rate|cron|at)\((?<body>.*)\)$/.exec(expression)?.groups ?? {};
  try {
    formatFor(zone);
    if (kind === "rate") return rate(body, originMs);
    if (kind === "cron") return cron(body, zone);
    if (kind === "at") return at(body, zone);
  } catch (cause) {
    throw new RangeError(`schedule expression '${expression}': ${(cause as Error).message}`);
  }
  throw new RangeError(`schedule expression '${expression}': expected rate(…), cron(…) or at(…)`);
}

function rate(body: string, originMs: number): Timetable {
  const { count, unit = "" } = RATE.exec(body)?.groups ?? {};
  const step = Number(count) * (UNIT_MS[unit] ?? Number.NaN);
  if (!(step > 0)) throw new RangeError("expected a whole number and minutes, hours or days");
  // By number of slot, not by adding up: nothing drifts.
  return (afterMs) => originMs + Math.max(0, Math.floor((afterMs - originMs) / step) + 1) * step;
}

function at(body: string, zone: string): Timetable {
  const [, year, month, day, hour, minute, second] = (AT.exec(body) ?? []).map(Number);
  if (year === undefined) throw new RangeError("expected yyyy-mm-ddThh:mm:ss");
  const wall = { year, month, day, hour, minute, second } as Parameters<typeof instantOf>[0];
  const instant = instantOf(wall, zone);
  if (instant === undefined) throw new RangeError(`no clock in ${zone} ever shows that`);
  return (afterMs) => (instant > afterMs ? instant : undefined);
}
