import { Temporal } from "temporal-polyfill";

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

/** `12 minutes`, `1 hour 5 minutes`, `3 days 2 hours`: the two largest units; never nothing at all. */
export function lasting(ms: number): string {
  let rest = Math.max(1, Math.round(ms / MINUTE_MS));
  const parts = UNITS.flatMap(([unit, size]) => {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    return amount > 0 ? [counted(amount, unit)] : [];
  });
  return parts.slice(0, 2).join(" ");
}

export const counted = (amount: number, thing: string): string =>
  `${amount} ${thing}${amount === 1 ? "" : "s"}`;
