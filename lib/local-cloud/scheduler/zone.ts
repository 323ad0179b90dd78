/** A minute on a wall clock. `month` from 1. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Throws RangeError for a zone IANA does not know. */
export function formatFor(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    calendar: "gregory",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formats.set(zone, format);
  return format;
}

/** What clocks in the zone show at the instant. */
export function wallTime(ms: number, zone: string): WallTime {
  const parts = formatFor(zone).formatToParts(ms);
  const value = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((part) => part.type === type)?.value);
  return {
    year: value("year"),
    month: value("month"),
    day: value("day"),
    hour: value("hour"),
    minute: value("minute"),
    second: value("second"),
  };
}

/** The wall time as if it were UTC: comparable, and free of zones. */
export const asUtc = ({ year, month, day, hour, minute, second }: WallTime): number =>
  Date.UTC(year, month - 1, day, hour, minute, second);

/** The instant at which clocks show this; the first of two, undefined if they skip it. */
export function instantOf(wall: WallTime, zone: string): number | undefined {
  const naive = asUtc(wall);
  if (zone === "UTC") return naive;
  const HALF_DAY = 43_200_000;
  // Before and after the transition, if there is one near.
  const offsets = [naive - HALF_DAY, naive + HALF_DAY].map(
    (ms) => asUtc(wallTime(ms, zone)) - Math.floor(ms / 1000) * 1000,
  );
  const shown = (ms: number) => asUtc(wallTime(ms, zone)) === naive;
  return offsets
    .map((offset) => naive - offset)
    .sort((a, b) => a - b)
    .find(shown);
}
