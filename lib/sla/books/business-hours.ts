import { Temporal } from "temporal-polyfill";
import type { Plan } from "../plan.ts";
import { zoneOf } from "../region-zones.ts";
import type { Span } from "./month.ts";

/** Where nothing else is sold. */
const USUAL = { weekdays: [1, 2, 3, 4, 5], from: "08:00", to: "18:00" };

/** Where people are at work. */
interface Office {
  /** Of the instance. */
  readonly region: string;
  /** IANA name that instance or plan say; absent: the region's. */
  readonly timezone: string | undefined;
}

/**
 * The first business hours that a span touches, in ms; undefined if it touches none. The hours are those of the plan's support where it
 * sells some, else Monday to Friday from 8 to 18, on clocks of the zone that was sold, else of the region. Holidays are days like others.
 */
export function businessHoursIn(span: Span, office: Office, { support }: Plan): Span | undefined {
  const zone = office.timezone ?? zoneOf(office.region);
  if (zone === undefined) return undefined;
  const { weekdays, from, to } = support?.hours ?? USUAL;
  const at = (day: Temporal.PlainDate, time: string) =>
    day.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds;
  for (const day of daysOf(span, zone)) {
    if (!weekdays.includes(day.dayOfWeek)) continue;
    const touched = {
      fromMs: Math.max(span.fromMs, at(day, from)),
      toMs: Math.min(span.toMs, at(day, to)),
    };
    if (touched.fromMs < touched.toMs) return touched;
  }
  return undefined;
}

/** Whatever a span touches is found within a week, or never. */
const ENOUGH_DAYS = 9;

function daysOf({ fromMs, toMs }: Span, zone: string): readonly Temporal.PlainDate[] {
  const dayOf = (ms: number) =>
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDate();
  const [first, last] = [dayOf(fromMs), dayOf(toMs)];
  const days = Math.min(ENOUGH_DAYS, first.until(last).days + 1);
  return Array.from({ length: days }, (_, index) => first.add({ days: index }));
}
