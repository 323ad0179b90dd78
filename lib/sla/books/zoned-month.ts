import { Temporal } from "temporal-polyfill";
import type { Instance } from "../fleet.ts";
import { monthSpan, type Span } from "./month.ts";
import { type Clocks, timezoneOf } from "./timezone.ts";

/** A calendar month, and by whose clocks it is one. */
export interface ZonedMonth {
  /** IANA name. */
  readonly timezone: string;
  readonly span: Span;
}

/**
 * What was recorded of an instance on a UTC day; undefined where nothing was, without a zone where zones were not recorded yet:
 * months were the provider's then.
 */
export type ZoneOn = (day: string, instance: string) => { readonly timezone?: string } | undefined;

/** The UTC days on which a month's first and last clocks are looked up, and those of the month before. In order. */
export const zoneDays = (month: string): readonly string[] => [
  ...edgesOf(monthBeforeOf(month)),
  ...edgesOf(month),
];

/**
 * An instance's month. It goes by the clocks that were recorded on its first UTC day, those of one that was not there yet by what its
 * last day says, and what no day says by the fleet's. It begins where the month before ended by its own clocks: wherever clocks are
 * changed, no minute is in two months, and none in no month.
 */
export function zonedMonth(
  month: string,
  instance: Pick<Instance, "id" | "timezone" | "plan">,
  fleet: Clocks,
  zoneOn: ZoneOn = () => undefined,
): ZonedMonth {
  const recorded = (of: string) =>
    edgesOf(of)
      .map((day) => zoneOn(day, instance.id))
      .filter((found) => found !== undefined)
      .map((found) => found.timezone ?? fleet.provider.timezone)[0];
  const timezone = recorded(month) ?? timezoneOf(instance, fleet);
  const before = recorded(monthBeforeOf(month)) ?? timezone;
  return { timezone, span: monthSpan(month, timezone, before) };
}

/** From the first instant of the first of some spans to the last of the last. */
export const hullOf = (spans: readonly Span[]): Span => ({
  fromMs: Math.min(...spans.map(({ fromMs }) => fromMs)),
  toMs: Math.max(...spans.map(({ toMs }) => toMs)),
});

const monthBeforeOf = (month: string) =>
  Temporal.PlainYearMonth.from(month).subtract({ months: 1 }).toString();

/** Its first day and its last. */
function edgesOf(month: string): readonly [string, string] {
  const first = Temporal.PlainDate.from(`${month}-01`);
  return [first.toString(), first.add({ months: 1 }).subtract({ days: 1 }).toString()];
}
