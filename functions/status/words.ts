import { Temporal } from "temporal-polyfill";
import type { Period } from "../../lib/sla/plan.ts";

/** `2026-11-22 10:02`, as clocks of the zone show it. */
export const localTime = (at: string | number, timezone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(typeof at === "number" ? at : Date.parse(at))
    .toZonedDateTimeISO(timezone)
    .toPlainDateTime()
    .toString({ smallestUnit: "minute" })
    .replace("T", " ");

const MINUTE_MS = 60_000;
const UNITS = [
  ["day", 1440],
  ["hour", 60],
  ["minute", 1],
] as const;

/**
 * `12 minutes`, `1 hour 5 minutes`, `3 days 2 hours`: the two largest units, rounded up, so that nobody reads of less than there was;
 * never nothing at all.
 */
export function lasting(ms: number): string {
  const minutes = Math.max(1, roundedUp(ms, MINUTE_MS));
  const parts = partsOf(minutes);
  // Only where there are days, hours and minutes.
  const shown = parts.length > 2 ? partsOf(Math.ceil(minutes / 60) * 60) : parts;
  return shown.join(" ");
}

function partsOf(minutes: number): readonly string[] {
  let rest = minutes;
  return UNITS.flatMap(([unit, size]) => {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    return amount > 0 ? [counted(amount, unit)] : [];
  });
}

const PERIODS: Readonly<Record<string, string>> = { h: "hour", d: "day", w: "week", mo: "month" };

/** `every month`, `every 2 weeks` */
export function howOften(period: Period): string {
  const amount = Number.parseInt(period, 10);
  const unit = PERIODS[period.slice(String(amount).length)] ?? period;
  return amount === 1 ? `every ${unit}` : `every ${counted(amount, unit)}`;
}

/** A mean of several is a little more or less than it is, by less than this. */
const INEXACT_MS = 1e-3;

/** How many units it takes to hold so many milliseconds. */
export const roundedUp = (ms: number, unitMs: number): number =>
  Math.max(0, Math.ceil((ms - INEXACT_MS) / unitMs));

export const counted = (amount: number, thing: string): string =>
  `${amount} ${thing}${amount === 1 ? "" : "s"}`;
