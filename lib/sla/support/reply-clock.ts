import type { FirstReply, Priority, Support } from "../service-terms.ts";
import { afterOfficeMs, type OfficeHours, officeDayMs } from "./business-hours.ts";

/** Until when a person has to have answered, and when the provider is warned; both in ms. */
export interface ReplyDue {
  readonly dueMs: number;
  readonly warnMs: number;
}

export interface ReplyWish {
  /** From when the clock runs. */
  readonly fromMs: number;
  readonly priority: Priority;
  /** On-call paging was asked for. */
  readonly isPaged: boolean;
}

/** What `local` means: by whose clocks, and which country's holidays; undefined where nobody says. */
interface Office {
  readonly timezone: string;
  readonly holidays?: string | undefined;
}
type FreeDays = (country: string, year: number) => ReadonlySet<string>;

/** A quarter of the time, or ten minutes of it, is left to do something. */
const WARN_SHARE = 0.25;
const WARN_LEAST_MS = 600_000;

/**
 * When a first reply is due by what was sold; undefined where nothing was promised. `freeDays`: public holidays of a country.
 * Throws RangeError where `local` holidays decide and the provider does not say whose those are.
 */
export function replyDue(
  { fromMs, priority, isPaged }: ReplyWish,
  support: Support | undefined,
  office: Office,
  freeDays: FreeDays,
): ReplyDue | undefined {
  const promised = support?.replies?.find((each) => each.priority === priority);
  if (!support || !promised || (promised.onlyWithPaging && !isPaged)) return undefined;
  const amountMs = clockMs(promised, support);
  const early = leftMs(amountMs);
  const after = clockOf(promised, support, office, freeDays);
  return { dueMs: after(fromMs, amountMs), warnMs: after(fromMs, amountMs - early) };
}

/** How much of the time that a reply may take is left when people hear that it is due. */
export const leftMs = (amountMs: number): number =>
  Math.min(amountMs, Math.max(amountMs * WARN_SHARE, WARN_LEAST_MS));

const UNIT_MS = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;

/** A business day is as many hours of business as one has. */
function clockMs({ within: { amount, unit }, clock }: FirstReply, { hours }: Support): number {
  const isOfficeDay = clock === "business-hours" && unit === "days";
  return amount * (isOfficeDay ? officeDayMs(hours) : UNIT_MS[unit]);
}

function clockOf({ clock }: FirstReply, support: Support, office: Office, freeDays: FreeDays) {
  if (clock === "24/7") return (fromMs: number, amountMs: number) => fromMs + amountMs;
  const hours = officeHours(support, office, freeDays);
  return (fromMs: number, amountMs: number) => afterOfficeMs(fromMs, amountMs, hours);
}

function officeHours({ hours }: Support, office: Office, freeDays: FreeDays): OfficeHours {
  const holidays = hours.holidays === "local" ? office.holidays : hours.holidays;
  if (holidays === undefined) {
    throw new RangeError("holidays: is missing: whose public holidays are the local ones?");
  }
  const timezone = hours.timezone === "local" ? office.timezone : hours.timezone;
  return { ...hours, timezone, holidays, freeDays: (year) => freeDays(holidays, year) };
}
